"""pandas: groups, joins, pivots, time series, text in and out."""

import io

import numpy as np
import pandas as pd

rng = np.random.default_rng(7)
frame = pd.DataFrame(
    {
        "city": rng.choice(["Köln", "Oslo", "Lima"], 400),
        "day": pd.date_range("2024-02-25", periods=400, freq="6h"),
        "load": rng.normal(100, 15, 400),
        "count": rng.integers(0, 50, 400),
    }
)
frame.loc[::37, "load"] = np.nan
grouped = frame.groupby("city")
print(grouped["load"].agg(["mean", "std", "count", "min"]))
print(grouped.agg(total=("count", "sum"), share=("load", lambda column: column.isna().mean())))
print(frame.groupby(["city", frame["day"].dt.month])["count"].sum().unstack(fill_value=0))
print(grouped["load"].transform("mean").round(6).tolist()[:5])
print(frame.pivot_table(index=frame["day"].dt.day_name(), columns="city", values="count", aggfunc="median"))
print(frame.set_index("day")["load"].resample("30D").mean())

towns = pd.DataFrame({"city": ["Oslo", "Lima", "Rome"], "people": [0.7, 10.0, 2.8]})
print(frame[["city", "count"]].head(6).merge(towns, on="city", how="left"))
text = frame.head(3).to_csv(index=False)
print(text)
again = pd.read_csv(io.StringIO(text), parse_dates=["day"])
print(again.dtypes.astype(str).tolist(), again.equals(frame.head(3)))
print(frame["city"].str.upper().value_counts().to_dict())
print(frame.describe().loc[["mean", "50%"]].to_json(double_precision=10))
try:
    frame["nothing"]
except KeyError as error:
    print("KeyError:", error)
