"""From the words of the library to those of the command: ``n_neighbors`` is ``--neighbors`` there.

Definition: a table maps names of parameters to options; inside :func:`spoken`, refusals and warnings that name one are told anew.
Convention: a name with an underscore is translated wherever it stands, another only where it is no common word (before ``=``, ``[``, ``must`` …),
a phrase word by word;
type, exit code and numbers of a refusal stay; equal warnings are told once.
"""

from __future__ import annotations

import copy
import re
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from erlangen.errors import ErlangenError, ErlangenWarning

__all__ = ["TRIAL_WORDS", "in_options", "spoken", "told"]

_MOST = 5

# What the library says of trials and their covariances.
TRIAL_WORDS = {
    'covariance(X, estimator="oas")': "--estimator oas",
    "structure='block_toeplitz', ": "",
    " or structure='block_toeplitz'": "",
    "covariance='": "--estimator='",
    "nearest_spd gives": "erlangen.linalg.nearest_spd gives",
    "nearest_spd(A) gives": "erlangen.linalg.nearest_spd gives",
    "estimator": "--estimator",
    "order": "--order",
    "lag": "--lag",
    "X": "TRIALS",
}


def told(text: str, words: Mapping[str, str]) -> str:
    """Return a text with parameters called as options.

    Examples
    --------
    >>> told("use estimator='oas', or order <= 4", {"estimator": "--estimator", "order": "--order"})
    "use --estimator='oas', or --order <= 4"
    """
    for parameter, option in words.items():
        if not parameter.isidentifier():
            text = text.replace(parameter, option)
            continue
        plain = r"\b" if "_" in parameter else r"(?=\[|=| [=<>]| must | has | holds )"
        text = re.sub(rf"(?<![\w:-]){parameter}{plain}", option, text)
    return text


def in_options(error: ErlangenError, words: Mapping[str, str]) -> ErlangenError:
    """Return a refusal of the library in the words of the command."""
    other = copy.copy(error)
    other.message = told(error.message, words)
    other.hint = told(error.hint, words) if error.hint else None
    return other


@contextmanager
def spoken(words: Mapping[str, str]) -> Iterator[None]:
    """Have refusals and warnings raised inside in the words of the command; of many different warnings only the first are told."""
    caught: list[warnings.WarningMessage] = []
    try:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always", ErlangenWarning)
            yield
    except ErlangenError as error:
        raise in_options(error, words) from error
    finally:
        own = [item for item in caught if issubclass(item.category, ErlangenWarning)]
        heard = {told(str(item.message), words): item for item in own}
        for text, item in list(heard.items())[:_MOST]:
            warnings.warn_explicit(text, item.category, item.filename, item.lineno)
