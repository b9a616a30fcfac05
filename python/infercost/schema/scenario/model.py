"""The model that is served."""

from infercost.schema.strict import Strict


class Model(Strict):
    """What its owner knows of it, and no simulation finds out. Absent is taken for granted, and told.

    `compiled_for_neuron`: whether it runs on Inferentia and Trainium. `arm_build`: whether its image runs on Graviton.
    """

    compiled_for_neuron: bool | None = None
    arm_build: bool | None = None
