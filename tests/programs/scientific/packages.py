"""More packages, each with something that only works if all of it does."""

import networkx
import numpy as np
import seaborn
import statsmodels.api as sm
import sympy
from bs4 import BeautifulSoup
from jinja2 import Template
from PIL import Image, ImageDraw, ImageFilter

x = sympy.Symbol("x")
print(sympy.integrate(sympy.exp(-(x**2)) * sympy.cos(x), (x, -sympy.oo, sympy.oo)), sympy.factorint(2**67 - 1))
print(sympy.solve(x**3 - 6 * x**2 + 11 * x - 6, x), sympy.N(sympy.pi, 40))

rng = np.random.default_rng(1)
data = rng.normal(size=(80, 2))
model = sm.OLS(data @ [1.5, -2.0] + rng.normal(0, 0.1, 80), sm.add_constant(data)).fit()
print(model.params.tolist(), model.rsquared, model.pvalues.round(12).tolist())

graph = networkx.karate_club_graph()
print(networkx.shortest_path(graph, 16, 25), sorted(networkx.pagerank(graph).values())[-1])
print([len(part) for part in networkx.community.greedy_modularity_communities(graph)])

print(BeautifulSoup("<ul><li>eins<li>zwei</ul>", "html5lib").find_all("li")[1].text)
print(Template("{% for n in names if n %}{{ loop.index }}:{{ n|upper }} {% endfor %}").render(names=["a", "", "ß"]))

picture = Image.new("RGB", (64, 64), "white")
ImageDraw.Draw(picture).ellipse((8, 8, 56, 56), fill="navy", outline="red", width=3)
soft = picture.filter(ImageFilter.GaussianBlur(2)).resize((16, 16), Image.Resampling.LANCZOS)
print(sum(soft.convert("L").tobytes()), soft.getpixel((8, 8)))

print(len(seaborn.color_palette("husl", 5)), seaborn.color_palette("husl", 5)[2])
