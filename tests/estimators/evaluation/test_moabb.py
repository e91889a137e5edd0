"""Our pipelines inside MOABB's evaluations, unmodified, and MOABB's analysis on our table; where moabb and mne are installed."""

import warnings

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from erlangen.estimators import ACMSearchCV, AugmentedCovariance
from erlangen.estimators.covariances import MDM, Covariances, FgMDM, TangentSpace
from erlangen.estimators.evaluation import CrossSession, CrossSubject, WithinSession, evaluate, paired_test

moabb = pytest.importorskip("moabb")
pytest.importorskip("mne")
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def fake():
    from moabb.datasets.fake import FakeDataset
    from moabb.paradigms import FakeImageryParadigm

    moabb.set_log_level("error")
    dataset = FakeDataset(
        ["left_hand", "right_hand"], n_sessions=2, n_runs=2, n_subjects=2, paradigm="imagery", seed=12
    )
    return dataset, FakeImageryParadigm()


def pipelines():
    return {
        "cov+mdm": make_pipeline(Covariances("oas"), MDM()),
        "cov+fgmdm": make_pipeline(Covariances("oas"), FgMDM()),
        "cov+ts+lr": make_pipeline(Covariances("oas"), TangentSpace(), LogisticRegression()),
        "acm+mdm": make_pipeline(AugmentedCovariance(2, 4, estimator="oas"), MDM()),
        "acm+ts+lr": make_pipeline(
            AugmentedCovariance(2, 4, estimator="oas"), TangentSpace("logeuclid"), LogisticRegression()
        ),
        "acm+search": ACMSearchCV([1, 2], [1, 4], cv=3),
    }


@pytest.mark.parametrize("name", ["WithinSession", "CrossSession", "CrossSubject"])
def test_the_same_scores_inside_moabb_and_here(fake, name, tmp_path):
    from moabb import evaluations

    dataset, paradigm = fake
    Evaluation = getattr(evaluations, f"{name}Evaluation")
    theirs = Evaluation(paradigm, [dataset], overwrite=True, random_state=42, hdf5_path=str(tmp_path)).process(
        pipelines()
    )
    X, y, metadata = paradigm.get_data(dataset)
    splitter = {"WithinSession": WithinSession(5, 42), "CrossSession": CrossSession(), "CrossSubject": CrossSubject()}[
        name
    ]
    ours = evaluate(pipelines(), X, y, metadata, splitter, dataset=dataset.code, inner_groups=None).to_pandas()
    keys = ["pipeline", "subject", "session"]
    a = theirs.assign(subject=theirs.subject.astype(str), session=theirs.session.astype(str)).sort_values(keys)
    b = ours.sort_values(keys)
    assert a[keys].to_numpy().tolist() == b[keys].to_numpy().tolist()
    for column in ("score", "samples", "channels", "n_sessions"):
        np.testing.assert_allclose(
            a[column].astype(float), b[column].astype(float), rtol=1e-6, err_msg=column
        )  # float32 there
    assert set(ours.columns) <= set(theirs.columns)


def test_pyriemanns_pipelines_decide_alike(fake):
    pyriemann = pytest.importorskip("pyriemann")
    from pyriemann.classification import MDM as TheirMDM
    from pyriemann.estimation import Covariances as TheirCovariances

    assert pyriemann
    dataset, paradigm = fake
    X, y, _ = paradigm.get_data(dataset)
    half = np.random.default_rng(0).random(len(y)) < 0.5
    for estimator in ("scm", "cov", "oas", "lwf"):
        C, D = Covariances(estimator).fit_transform(X), TheirCovariances(estimator).fit_transform(X)
        np.testing.assert_allclose(C, D, rtol=1e-10, atol=1e-12 * np.abs(D).max(), err_msg=estimator)
        for metric in ("riemann", "logeuclid", "logchol", "wasserstein", "kullback_sym", "euclid"):
            ours, theirs = MDM(metric).fit(C[half], y[half]), TheirMDM(metric).fit(D[half], y[half])
            np.testing.assert_array_equal(ours.predict(C), theirs.predict(D), err_msg=f"{estimator} {metric}")


def test_mne_epochs_are_read(fake):
    dataset, paradigm = fake
    epochs, _, _ = paradigm.get_data(dataset, subjects=[1], return_epochs=True)
    C = Covariances().fit_transform(epochs)
    np.testing.assert_allclose(C, Covariances().fit_transform(epochs.get_data()))


def test_moabbs_analysis_reads_our_table(fake):
    from moabb.analysis.meta_analysis import compute_dataset_statistics

    dataset, paradigm = fake
    X, y, metadata = paradigm.get_data(dataset)
    table = evaluate(
        {k: pipelines()[k] for k in ("cov+mdm", "acm+mdm")}, X, y, metadata, CrossSession(), dataset="fake"
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        statistics = compute_dataset_statistics(table.to_pandas())
    row = statistics[(statistics.pipe1 == "cov+mdm") & (statistics.pipe2 == "acm+mdm")].iloc[0]
    found = paired_test(table, "cov+mdm", "acm+mdm")
    assert (found.p, found.smd) == pytest.approx((row.p, row.smd))
