# The same pooling by R's metafor: one line a number, "set TAB name TAB value", on stdout. Data sets are those that metadat ships.
suppressPackageStartupMessages(library(metafor))

say <- function(set, name, value) cat(sprintf("%s\t%s\t%s\n", set, name, ifelse(is.na(value), "NA", sprintf("%.17g", value))))
tight <- list(threshold = 1e-12, maxiter = 10000)

means <- function(set, yi, vi) {
  for (i in seq_along(yi)) { say(set, sprintf("yi %d", i), yi[i]); say(set, sprintf("sei %d", i), sqrt(vi[i])) }
  plain <- rma(yi, vi, method = "REML", test = "knha", control = tight)
  said <- predict(plain)
  between <- confint(plain, control = list(tol = 1e-12, maxiter = 100000, tau2.max = 1e6))$random
  one <- function(name, value) say(set, name, value)
  one("estimate", plain$b[1]); one("se", plain$se); one("low", plain$ci.lb); one("high", plain$ci.ub); one("p", plain$pval)
  one("tau2", plain$tau2); one("tau2_low", between["tau^2", "ci.lb"]); one("tau2_high", between["tau^2", "ci.ub"])
  one("q", plain$QE); one("q_p", plain$QEp); one("i2_percent", plain$I2)
  one("prediction_low", said$pi.lb); one("prediction_high", said$pi.ub)
  floor <- rma(yi, vi, method = "REML", test = "adhoc", control = tight)
  one("floor low", floor$ci.lb); one("floor high", floor$ci.ub)
  without <- leave1out(plain)
  for (i in seq_along(yi)) say(set, sprintf("without %d", i), without$estimate[i])
  if (length(yi) >= 10) {
    egger <- regtest(yi, vi, model = "lm")
    one("egger t", egger$zval); one("egger p", egger$pval)
  }
}

shares <- function(set, xi, ni) {
  for (i in seq_along(xi)) { say(set, sprintf("xi %d", i), xi[i]); say(set, sprintf("ni %d", i), ni[i]) }
  found <- rma.glmm(measure = "PLO", xi = xi, ni = ni, nAGQ = 25, test = "t",
                    control = list(optCtrl = list(maxfun = 1e6), optimizer = "bobyqa"))
  said <- predict(found, transf = transf.ilogit)
  say(set, "mu", found$b[1]); say(set, "se", found$se); say(set, "tau", sqrt(found$tau2)); say(set, "log likelihood", as.numeric(logLik(found, REML = FALSE)))
  say(set, "chance", said$pred); say(set, "low", said$ci.lb); say(set, "high", said$ci.ub)
  say(set, "prediction_low", said$pi.lb); say(set, "prediction_high", said$pi.ub)
}

both <- function(set, ai, n1i, ci, n2i) {
  for (i in seq_along(ai)) {
    say(set, sprintf("ai %d", i), ai[i]); say(set, sprintf("n1i %d", i), n1i[i]); say(set, sprintf("ci %d", i), ci[i]); say(set, sprintf("n2i %d", i), n2i[i])
  }
  found <- rma.mh(ai = ai, n1i = n1i, ci = ci, n2i = n2i, measure = "RD", correct = FALSE)
  say(set, "difference", found$b[1]); say(set, "low", found$ci.lb); say(set, "high", found$ci.ub)
}

for (package in c("metafor", "lme4")) cat(sprintf("versions\t%s version\t%s\n", package, packageVersion(package)))
cat(sprintf("versions\tR version\t%s.%s\n", R.version$major, R.version$minor))

bcg <- escalc("RR", ai = tpos, bi = tneg, ci = cpos, di = cneg, data = dat.bcg)
means("dat.bcg", as.numeric(bcg$yi), bcg$vi)
stay <- escalc("MD", m1i = m1i, sd1i = sd1i, n1i = n1i, m2i = m2i, sd2i = sd2i, n2i = n2i, data = dat.normand1999)
means("dat.normand1999", as.numeric(stay$yi), stay$vi)
means("dat.normand1999, three trials", as.numeric(stay$yi[1:3]), stay$vi[1:3])
teacher <- dat.raudenbush1985
means("dat.raudenbush1985", as.numeric(teacher$yi), teacher$vi)
smoke <- dat.hackshaw1998
means("dat.hackshaw1998, Japan and Hong Kong", as.numeric(smoke$yi[smoke$country %in% c("Japan", "Hong Kong")]), smoke$vi[smoke$country %in% c("Japan", "Hong Kong")])
hine <- escalc("RD", n1i = n1i, n2i = n2i, ai = ai, ci = ci, data = dat.hine1989)
means("dat.hine1989", as.numeric(hine$yi), hine$vi)

shares("dat.pritz1997", dat.pritz1997$xi, dat.pritz1997$ni)
shares("dat.nielweise2007, treated", dat.nielweise2007$ai, dat.nielweise2007$n1i)
shares("dat.nielweise2007, six large treated", dat.nielweise2007$ai[dat.nielweise2007$n1i > 155], dat.nielweise2007$n1i[dat.nielweise2007$n1i > 155])
told <- dat.collins1985b[!is.na(dat.collins1985b$stb.xci) & !is.na(dat.collins1985b$fup.nci), ]
shares("dat.collins1985b, stillbirths untreated", told$stb.xci, told$fup.nci)
shares("dat.nielweise2007, last five controls", dat.nielweise2007$ci[14:18], dat.nielweise2007$n2i[14:18])
shares("dat.nielweise2007, studies 6 to 10 treated", dat.nielweise2007$ai[6:10], dat.nielweise2007$n1i[6:10])
both("dat.nielweise2007, infections", dat.nielweise2007$ai, dat.nielweise2007$n1i, dat.nielweise2007$ci, dat.nielweise2007$n2i)
both("dat.bcg, cases", dat.bcg$tpos, dat.bcg$tpos + dat.bcg$tneg, dat.bcg$cpos, dat.bcg$cpos + dat.bcg$cneg)

for (pair in list(c(0, 46), c(3, 154), c(12, 945), c(10, 10))) {
  set <- sprintf("binom.test, prop.test %d of %d", pair[1], pair[2])
  say(set, "x", pair[1]); say(set, "n", pair[2])
  exact <- binom.test(pair[1], pair[2])$conf.int; score <- suppressWarnings(prop.test(pair[1], pair[2], correct = FALSE))$conf.int
  say(set, "exact low", exact[1]); say(set, "exact high", exact[2]); say(set, "score low", score[1]); say(set, "score high", score[2])
}
