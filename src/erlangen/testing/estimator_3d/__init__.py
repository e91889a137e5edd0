"""x"""


def check_estimator_3d(): ...
