"""Outputs, gradients and a step of deep networks from JAX's automatic differentiation, as rows of autograd.csv.

    pip install jax && python tests/data/autograd.py > tests/data/autograd.csv

Nothing of hinf is used: the networks are written out below from the definitions in src/theory.md, section 3. Weights and biases are
1.7 sin(i + 1/2), with i counting through all parameters of the network: layer by layer, weights (outputs x inputs, row by row), then
biases. Points are five equispaced on the circle.

Columns: the network; then `outputs` f(x_i), `gram` sum of products of gradients (row by row), and `stepped`: f(x_i) after one step of
0.01 along the gradient of 1/2 sum (f - y)^2 with y_i = cos(i); numbers separated by spaces.
"""

import itertools

import jax

jax.config.update("jax_enable_x64", True)
import jax.numpy as jnp
from jax.scipy.special import erf

N, WIDTH, W, W_IN, STEP = 5, 7, 1.5, 0.8, 0.01
ACTIVATIONS = {
    "relu": jax.nn.relu,
    "leaky-relu": lambda z: jnp.where(z > 0, z, 0.3 * z),
    "erf": erf,
}


def parameters(residual, depth, bias):
    hidden = depth if residual else depth - 1
    shapes = [(WIDTH, 2)] + [(WIDTH, WIDTH)] * hidden + [(1, WIDTH)]
    count, layers = 0, []
    for l, (rows, columns) in enumerate(shapes):
        biases = rows if bias and not (residual and l == len(shapes) - 1) else 0
        values = 1.7 * jnp.sin(jnp.arange(count, count + rows * columns + biases) + 0.5)
        layers.append((values[: rows * columns].reshape(rows, columns), values[rows * columns :]))
        count += rows * columns + biases
    return layers


def network(layers, x, residual, phi, bias, alpha):
    def affine(layer, weight, a):
        matrix, biases = layer
        z = jnp.sqrt(weight) * matrix @ a
        return z + jnp.sqrt(bias) * biases if biases.size else z

    z = affine(layers[0], W_IN, x)
    for layer in layers[1:-1]:
        branch = affine(layer, W / WIDTH, phi(z))
        z = z + alpha * branch if residual else branch
    return affine(layers[-1], 1 / WIDTH, z)[0] if residual else affine(layers[-1], W / WIDTH, phi(z))[0]


def main():
    angles = 2 * jnp.pi * jnp.arange(N) / N
    points = jnp.stack([jnp.cos(angles), jnp.sin(angles)], axis=1)
    labels = jnp.cos(jnp.arange(N))
    print("residual,depth,activation,bias,alpha,outputs,gram,stepped")
    for residual, depth, name, bias in itertools.product([0, 1], [1, 2, 4], ACTIVATIONS, [0.0, 0.4]):
        alpha = 0.6 if residual else 1.0
        layers = parameters(residual, depth, bias)
        model = lambda p: jax.vmap(lambda x: network(p, x, residual, ACTIVATIONS[name], bias, alpha))(points)
        jacobian = jax.tree.leaves(jax.jacrev(model)(layers))
        flat = jnp.concatenate([leaf.reshape(N, -1) for leaf in jacobian], axis=1)
        loss = lambda p: 0.5 * jnp.sum((model(p) - labels) ** 2)
        stepped = jax.tree.map(lambda p, g: p - STEP * g, layers, jax.grad(loss)(layers))
        text = [" ".join(repr(float(v)) for v in values.ravel()) for values in (model(layers), flat @ flat.T, model(stepped))]
        print(residual, depth, name, bias, alpha, *text, sep=",")


if __name__ == "__main__":
    main()
