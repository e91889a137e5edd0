"""Functions on the sphere: quadrature rules, values on a grid and back, coefficients in the Fourier basis of the torus.

Definition: a signal of degree L has coefficients ``x_lm``, ``F(r) = sum x_lm Y_lm(r)``, harmonics normalised to integral one.
Convention: points are unit vectors ``(x, y, z)`` with polar axis y; weights of a rule sum to 4 pi.
"""
