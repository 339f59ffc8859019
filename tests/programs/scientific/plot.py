"""matplotlib: writes a picture to the path that is the argument, and says what became of it."""

import hashlib
import sys

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np
from PIL import Image

rng = np.random.default_rng(5)
x = np.linspace(0, 2 * np.pi, 300)
figure, axes = plt.subplots(2, 2, figsize=(8, 6), dpi=100)
axes[0, 0].plot(x, np.sin(x), label=r"$\sin x$")
axes[0, 0].plot(x, np.cos(x), "--", label=r"$\frac{d}{dx}\sin x$")
axes[0, 0].legend()
axes[0, 0].set_title("Wellen, größer")
axes[0, 1].hist(rng.normal(size=2000), bins=40, color="tab:green")
axes[1, 0].imshow(np.add.outer(np.sin(x[::10]), np.cos(x[::10])), cmap="viridis")
axes[1, 1].scatter(rng.random(80), rng.random(80), c=rng.random(80), s=rng.random(80) * 200, alpha=0.6)
axes[1, 1].annotate("here", (0.5, 0.5), (0.8, 0.9), arrowprops={"arrowstyle": "->"})
figure.tight_layout()
figure.savefig(sys.argv[1], metadata={"Software": None})

with Image.open(sys.argv[1]) as picture:
    pixels = np.asarray(picture)
print(picture.format, picture.size, picture.mode, np.unique(pixels.reshape(-1, 4), axis=0).shape[0] > 500)
print(hashlib.sha256(pixels.tobytes()).hexdigest())
figure.savefig(sys.argv[1] + ".svg", metadata={"Date": None})
with open(sys.argv[1] + ".svg") as drawing:
    print(drawing.read().count("<path"))
