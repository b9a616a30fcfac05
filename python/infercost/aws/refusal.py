"""Why S3 didn't give what was asked for, and what to do about it. No message holds anything of the credentials."""

import re

from infercost.schema.errors import InputError

_ACCESS = (
    "access denied. Whoever reads needs s3:ListBucket on the bucket, s3:GetObject on its objects, and kms:Decrypt on"
    " the key if they are encrypted with one"
)
_LOGIN = "log in again (such as `aws sso login`), or name another profile with AWS_PROFILE"
_ADVICE = {
    "403": _ACCESS,
    "AccessDenied": _ACCESS,
    "AllAccessDisabled": _ACCESS,
    "ExpiredToken": f"the credentials have expired: {_LOGIN}",
    "InvalidAccessKeyId": f"AWS doesn't know these credentials: {_LOGIN}",
    "InvalidToken": f"AWS doesn't accept these credentials: {_LOGIN}",
    "SignatureDoesNotMatch": "AWS doesn't accept these credentials: the secret doesn't belong to the access key",
    "RequestTimeTooSkewed": "the clock of this computer is wrong",
    "NoSuchBucket": "no such bucket; look at its name with `aws s3 ls`",
    "InvalidBucketName": "no valid name of a bucket; write s3://bucket/prefix",
    "404": "no such object",
    "NoSuchKey": "no such object",
    "InvalidObjectState": "archived (Glacier): restore it first",
    "PermanentRedirect": "the bucket lies in another region: set AWS_REGION to it",
    "SlowDown": "S3 asks for fewer requests; try again later",
}
_NO_CREDENTIALS = (
    "no AWS credentials were found: name a profile with AWS_PROFILE, log in (such as `aws sso login`), or set"
    " AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
)
# botocore's exceptions by name: what says who asks, and what could not be reached.
_WHO = {
    "NoCredentialsError": _NO_CREDENTIALS,
    "PartialCredentialsError": "half of the AWS credentials are missing: set both the access key and its secret",
    "CredentialRetrievalError": f"the AWS credentials could not be fetched: {_LOGIN}",
    "MetadataRetrievalError": f"the AWS credentials could not be fetched: {_LOGIN}",
    "ProfileNotFound": "the profile in AWS_PROFILE is not in ~/.aws/config",
    "SSOTokenLoadError": f"not logged in: {_LOGIN}",
    "TokenRetrievalError": f"not logged in: {_LOGIN}",
    "UnauthorizedSSOTokenError": f"not logged in: {_LOGIN}",
    "ParamValidationError": "no valid name of a bucket; write s3://bucket/prefix",
    "NoRegionError": "no region is known: set AWS_REGION",
}


def refused(address: str, error: Exception) -> InputError:
    """Returns the one message for an error of botocore.

    Args:
        address: what was asked for.
        error: a botocore ClientError or BotoCoreError.
    """
    response = getattr(error, "response", None)
    if isinstance(response, dict):
        found = response.get("Error", {})
        return _refused(address, str(found.get("Code", "")), str(found.get("Message", "")))
    said = _WHO.get(type(error).__name__)
    return InputError(f"{address}: {said}" if said else f"{address}: S3 cannot be reached: {error}")


def refused_by_scan(address: str, error: Exception) -> InputError:
    """Returns the one message for an error of polars' object store, whose text holds S3's answer as XML.

    Example:
        >>> answer = OSError("object-store error: ... <Code>AccessDenied</Code><Message>Access Denied</Message> ...")
        >>> print(str(refused_by_scan("s3://billing/a.parquet", answer))[:38])
        s3://billing/a.parquet: access denied.
    """
    text = str(error)
    code, message = re.search(r"<Code>(\w+)</Code>", text), re.search(r"<Message>([^<]*)</Message>", text)
    if code is not None:
        return _refused(address, code[1], message[1] if message else "")
    return InputError(f"{address}: cannot be read from S3: {text.partition('<')[0].partition(chr(10))[0]}")


def _refused(address: str, code: str, message: str) -> InputError:
    return InputError(f"{address}: {_ADVICE.get(code) or f'S3 answered {code}: {message}'}")
