"""numpy and LAPACK: products, decompositions, solutions, to the last digit."""

import numpy as np

rng = np.random.default_rng(2024)
a = rng.normal(size=(6, 6))
b = rng.normal(size=6)
print(np.linalg.det(a), np.linalg.cond(a), np.linalg.matrix_rank(a))
print(np.linalg.solve(a, b).tolist())
print(np.linalg.svd(a, compute_uv=False).tolist())
print(np.sort_complex(np.linalg.eigvals(a)).tolist())
q, r = np.linalg.qr(a)
print(np.allclose(q @ r, a), np.abs(np.diag(r)).tolist())
print(np.linalg.cholesky(a @ a.T).diagonal().tolist())
print(np.linalg.lstsq(a[:, :3], b)[0].tolist())

large = rng.random((300, 200), dtype=np.float32)
product = large.T @ large
print(product.dtype, product.shape, float(product.trace()), float(np.linalg.norm(product)))
print(np.einsum("ij,kj->ik", a, a).sum(), np.kron(a[:2, :2], np.eye(2)).tolist()[1])

numbers = np.arange(-20, 20, dtype=np.int16)
print(numbers[::3].clip(-8, 9).tolist(), (numbers * numbers).max(), np.bitwise_xor.reduce(numbers))
print(np.fft.fft(np.sin(np.arange(16))).round(12).tolist()[:3])
values = np.array([0.1, np.inf, -np.inf, np.nan, -0.0, 5e-324])
with np.errstate(all="ignore"):
    print(np.sqrt(values).tolist(), np.exp2(values).tolist(), np.signbit(values).tolist())
try:
    np.linalg.inv(np.zeros((2, 2)))
except np.linalg.LinAlgError as error:
    print("LinAlgError:", error)
try:
    np.ones(3) @ np.ones(4)
except ValueError as error:
    print("ValueError:", str(error)[:40])
