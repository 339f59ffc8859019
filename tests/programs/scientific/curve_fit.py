"""scipy: a curve through noisy points, minima, roots, integrals, statistics, sparse systems."""

import numpy as np
from scipy import integrate, optimize, signal, sparse, spatial, special, stats
from scipy.sparse.linalg import spsolve

rng = np.random.default_rng(11)
x = np.linspace(0, 4, 120)
y = 2.5 * np.exp(-1.3 * x) + 0.5 + rng.normal(0, 0.05, x.size)
(a, k, c), covariance = optimize.curve_fit(lambda x, a, k, c: a * np.exp(-k * x) + c, x, y)
print([round(float(value), 9) for value in (a, k, c)], np.round(np.sqrt(np.diag(covariance)), 9).tolist())

found = optimize.minimize(optimize.rosen, [-1.2, 1.0, 0.7], method="BFGS")
print(found.success, found.x.round(5).tolist(), found.nit)
print(optimize.brentq(lambda t: np.cos(t) - t, 0, 1), optimize.linprog([-1, -2], [[1, 1]], [4]).x.tolist())
print(integrate.quad(lambda t: np.exp(-t * t), -np.inf, np.inf))
orbit = integrate.solve_ivp(lambda t, s: [s[1], -s[0]], (0, 10), [1, 0], rtol=1e-8, atol=1e-10)
print(orbit.status, orbit.nfev, orbit.y[:, -1].round(7).tolist())
print(stats.ttest_ind(rng.normal(0, 1, 50), rng.normal(0.5, 1, 50)).pvalue, stats.norm.ppf(0.975))
print(special.gamma(5.5), special.jv(1, 2.5), special.erfinv(0.5), special.comb(50, 25, exact=True))
grid = sparse.diags_array([1.0, -2.0, 1.0], offsets=[-1, 0, 1], shape=(50, 50)).tocsc()
print(spsolve(grid, np.ones(50))[[0, 24, 49]].tolist())
print(spatial.ConvexHull(rng.random((60, 2))).volume, spatial.distance.pdist(np.eye(3)).tolist())
print(signal.find_peaks(np.sin(np.linspace(0, 20, 200)))[0].tolist(), signal.butter(2, 0.3)[0].tolist())
try:
    optimize.bisect(lambda t: t * t + 1, -1, 1)
except ValueError as error:
    print("ValueError:", error)
