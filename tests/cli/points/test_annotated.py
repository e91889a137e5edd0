import numpy as np
import pytest

from erlangen.cli.points import PointCloud, ReadOptions, read_points, write_points
from erlangen.errors import DomainError, ErlangenError, ParseError

anndata = pytest.importorskip("anndata")
pandas = pytest.importorskip("pandas")
sparse = pytest.importorskip("scipy.sparse")


@pytest.fixture
def path(tmp_path):
    X = np.arange(12.0, dtype=np.float32).reshape(4, 3)
    obs = pandas.DataFrame({"cluster": pandas.Categorical(list("abab"))}, index=[f"cell{i}" for i in range(4)])
    data = anndata.AnnData(X=sparse.csr_matrix(X), obs=obs, obsm={"X_pca": X[:, :2].astype(float)})
    data.write_h5ad(tmp_path / "a.h5ad")
    return tmp_path / "a.h5ad"


def test_reading_x_and_obsm(path):
    cloud = read_points(path)
    assert cloud.X.tolist() == np.arange(12.0).reshape(4, 3).tolist()
    assert cloud.index == ("cell0", "cell1", "cell2", "cell3")
    assert any("--key X_pca" in note for note in cloud.notes)
    cloud = read_points(path, ReadOptions(key="X_pca", color="cluster"))
    assert cloud.X.shape == (4, 2)
    assert list(cloud.extras["cluster"]) == list("abab")


def test_refusals(path, tmp_path):
    with pytest.raises(DomainError, match="did you mean 'X_pca'"):
        read_points(path, ReadOptions(key="X_pac"))
    with pytest.raises(DomainError, match="no obs column 'clutser'"):
        read_points(path, ReadOptions(color="clutser"))
    with pytest.raises(DomainError, match="--drop"):
        read_points(path, ReadOptions(drop=("1",)))
    (tmp_path / "b.h5ad").write_bytes(b"\x89HDF and no more")
    with pytest.raises(ParseError, match="cannot be read as h5ad"):
        read_points(tmp_path / "b.h5ad")
    anndata.AnnData(obs=pandas.DataFrame(index=["a", "b"])).write_h5ad(tmp_path / "c.h5ad")
    with pytest.raises(ErlangenError):
        read_points(tmp_path / "c.h5ad")


def test_writing_into_a_copy_of_the_source_and_alone(path, tmp_path):
    Z = np.arange(8.0).reshape(4, 2)
    write_points(tmp_path / "out.h5ad", Z, read_points(path), method="heat-geodesic", source=path)
    back = anndata.read_h5ad(tmp_path / "out.h5ad")
    assert back.obsm["X_heatgeodesic"].tolist() == Z.tolist()
    assert list(back.obs["cluster"]) == list("abab")
    assert "X_heatgeodesic" not in anndata.read_h5ad(path).obsm
    write_points(tmp_path / "new.h5ad", Z, PointCloud(Z, ("x", "y")), method="phate", source=tmp_path / "a.csv")
    assert anndata.read_h5ad(tmp_path / "new.h5ad").obsm["X_phate"].tolist() == Z.tolist()
