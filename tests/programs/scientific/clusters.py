"""scikit-learn: clusters, classifiers, a regression, a pipeline with cross-validation."""

import numpy as np
from sklearn.cluster import DBSCAN, KMeans
from sklearn.datasets import load_iris, make_blobs
from sklearn.decomposition import PCA
from sklearn.ensemble import GradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LinearRegression, LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import SVC

points, _ = make_blobs(n_samples=300, centers=4, cluster_std=0.6, random_state=3)
clusters = KMeans(n_clusters=4, n_init=5, random_state=0).fit(points)
order = np.argsort(clusters.cluster_centers_[:, 0])
print(clusters.cluster_centers_[order].tolist(), clusters.inertia_, np.bincount(clusters.labels_)[order].tolist())
print(len(set(DBSCAN(eps=0.7).fit_predict(points))))

iris = load_iris()
pipeline = make_pipeline(StandardScaler(), LogisticRegression(max_iter=500))
print(cross_val_score(pipeline, iris.data, iris.target, cv=5).tolist())
forest = RandomForestClassifier(n_estimators=25, random_state=0).fit(iris.data, iris.target)
print(forest.feature_importances_.tolist(), forest.score(iris.data, iris.target))
boosted = GradientBoostingClassifier(n_estimators=20, random_state=0).fit(iris.data, iris.target)
print(boosted.predict_proba(iris.data[:1]).round(9).tolist())
print(SVC(gamma="auto").fit(iris.data, iris.target).n_support_.tolist())
print(PCA(2).fit(iris.data).explained_variance_ratio_.tolist())
line = LinearRegression().fit(iris.data[:, :1], iris.data[:, 2])
print(line.coef_.tolist(), line.intercept_)
