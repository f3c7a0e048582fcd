/* A peer: the walk of single follicles in scalar C, the same arithmetic on the same arrays as anagen.scalp.sample_fast.
   cc -O3 -march=native -ffp-contract=off (fused multiply-adds would round differently, and change the odd history). */
#include <math.h>
#include <stdint.h>

#define GOLDEN 0x9E3779B97F4A7C15ull
#define NODES 1024
#define SLOTS 8
#define MOVES 6
enum { ANAGEN, CATAGEN, TELOGEN, KENOGEN, EMPTIED, BORN };

static inline uint64_t mix(uint64_t word) {
    word = (word ^ (word >> 30)) * 0xBF58476D1CE4E5B9ull;
    word = (word ^ (word >> 27)) * 0x94D049BB133111EBull;
    return word ^ (word >> 31);
}

static inline double unit(uint64_t draw) { return ((double)(int64_t)draw + 0.5) * 0x1p-32; }

static inline double quantile(const double *table, uint64_t draw) {
    double x = ((double)(int64_t)draw + 0.5) * (NODES * 0x1p-32);
    int64_t cell = (int64_t)x;
    x -= (double)cell;
    if (cell == 0 || cell == NODES - 1) {
        double finer = x * NODES;
        int64_t inner = (int64_t)finer;
        x = finer - (double)inner;
        cell = inner + (cell == 0 ? NODES + 1 : 2 * (NODES + 1));
    }
    return table[cell] + x * (table[cell + 1] - table[cell]);
}

void walk(uint64_t key, int64_t follicles, int64_t weeks, double per_week, int64_t kinds, int64_t cells, int64_t fills,
          const uint8_t *calendar, const double *table, const double *mean, const double *clock, const double *speed,
          const double *pace, const int32_t *guess, const double *per_cell, const double *empty, const double *down,
          const double *up, const int64_t *first_of, const double *fill, int64_t *begin, int64_t *moves) {
    for (int64_t i = 0; i < follicles; i++) {
        uint64_t stream = mix(key + GOLDEN * (uint64_t)(i + 1));
        double u = unit(mix(stream + GOLDEN) >> 32);
        int64_t low = 0, high = fills;
        while (low < high) {
            int64_t middle = (low + high) / 2;
            if (fill[middle] <= u) low = middle + 1;
            else high = middle;
        }
        int64_t slot = first_of[low], phase = first_of[fills + 1 + low], kind = 1 + first_of[2 * (fills + 1) + low];
        begin[slot * 4 + phase]++;
        uint64_t visit = 1 + (uint64_t)phase, word = mix(stream + GOLDEN * (visit + 1));
        double at = 0.0;
        for (;;) {
            double needed = quantile(table + (phase * kinds + kind) * 3 * (NODES + 1), word >> 32) * mean[phase * SLOTS + slot];
            if (calendar[phase]) {
                at += needed;
                if (at >= (double)weeks) break;
            } else {
                const double *run = clock + phase * (weeks + 2);
                int64_t now = (int64_t)at;
                double target = run[now] + (at - (double)now) * speed[phase * weeks + now] + needed;
                if (target >= run[weeks]) break;
                int64_t week = guess[phase * cells + (int64_t)(target * per_cell[phase])];
                while (run[week + 1] <= target) week++;
                at = (double)week + (target - run[week]) * pace[phase * weeks + week];
                if (at >= (double)weeks) break;
            }
            kind = 0;
            int64_t week = (int64_t)at;
            int64_t *row = moves + (int64_t)ceil(at * per_week) * SLOTS * MOVES;
            row[slot * MOVES + phase]++;
            visit++;
            phase = (phase + 1) % 4;
            if (phase == KENOGEN) {
                if (unit(word & 0xFFFFFFFF) < empty[week * SLOTS + slot]) row[slot * MOVES + EMPTIED]++;
                else visit++, phase = ANAGEN;
            }
            word = mix(stream + GOLDEN * (visit + 1));
            if (phase == ANAGEN) {
                double toss = unit(word & 0xFFFFFFFF);
                if (toss < down[week * SLOTS + slot]) slot++;
                else if (toss > up[week * SLOTS + slot]) slot--;
                row[slot * MOVES + BORN]++;
            }
        }
    }
}
