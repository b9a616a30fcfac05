"""Whose account it is: one payer and two members, and what they own."""

from dataclasses import dataclass

REGION = "us-east-1"
REGION_NAME = "US East (N. Virginia)"


@dataclass(frozen=True)
class Account:
    """An AWS account. Ids are text: two of them start with a zero."""

    id: str
    name: str


PLATFORM = Account("000941672358", "example-platform")
RISK = Account("014725836901", "example-risk")
DIGITAL = Account("367258149025", "example-digital")
PAYER = PLATFORM


@dataclass(frozen=True)
class Resource:
    """What a charge is for. `id` is an ARN, or an EC2 or S3 name; `tags` are what its owner wrote on it."""

    account: Account
    id: str
    name: str
    kind: str
    team: str
    app: str

    @property
    def tags(self) -> dict[str, str]:
        """The tags that the account has activated for cost allocation."""
        return {"app": self.app, "team": self.team}


def endpoint(account: Account, name: str, *, team: str, app: str) -> Resource:
    """A SageMaker endpoint."""
    return Resource(account, _arn("sagemaker", account, f"endpoint/{name}"), name, "Endpoint", team, app)


def training_job(account: Account, name: str, *, team: str, app: str) -> Resource:
    """A SageMaker training job."""
    return Resource(account, _arn("sagemaker", account, f"training-job/{name}"), name, "Training job", team, app)


def inference_profile(account: Account, key: str, *, team: str, app: str) -> Resource:
    """A Bedrock application inference profile: its id says nothing, its tags say whose tokens they are."""
    arn = _arn("bedrock", account, f"application-inference-profile/{key}")
    return Resource(account, arn, key, "Application inference profile", team, app)


def provisioned_model(account: Account, key: str, *, team: str, app: str) -> Resource:
    """A Bedrock model with provisioned throughput."""
    arn = _arn("bedrock", account, f"provisioned-model/{key}")
    return Resource(account, arn, key, "Provisioned model", team, app)


def plain(account: Account, name: str, kind: str, *, team: str, app: str) -> Resource:
    """Whatever the bill calls by a bare name: an EC2 instance, a volume, a bucket."""
    return Resource(account, name, name, kind, team, app)


def _arn(service: str, account: Account, path: str) -> str:
    return f"arn:aws:{service}:{REGION}:{account.id}:{path}"
