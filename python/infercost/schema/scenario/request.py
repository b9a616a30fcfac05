"""What a request carries."""

from infercost.schema.strict import Count, Strict


class Request(Strict):
    """What a request carries where the traffic has no such column."""

    payload_bytes: Count | None = None
    response_bytes: Count | None = None
    input_tokens: Count | None = None
    output_tokens: Count | None = None
