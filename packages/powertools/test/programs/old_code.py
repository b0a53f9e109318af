"""Old code: functions that AWS Powertools for Python makes idempotent, driven by lines of JSON."""

import json
import os
import sys
import warnings

warnings.simplefilter("ignore")

import boto3
import redis
from aws_lambda_powertools.utilities.idempotency import (
    DynamoDBPersistenceLayer,
    IdempotencyConfig,
    idempotent,
    idempotent_function,
)
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyValidationError,
)
from aws_lambda_powertools.utilities.idempotency.persistence.cache import CachePersistenceLayer


class Context:
    """What Powertools asks a Lambda's context for."""

    def __init__(self, remaining):
        self.remaining = remaining

    def get_remaining_time_in_millis(self):
        return self.remaining


def layer_of(place):
    if "redis" in place:
        return CachePersistenceLayer(client=redis.Redis.from_url(place["redis"], decode_responses=True))
    client = boto3.client(
        "dynamodb",
        endpoint_url=place["endpoint"],
        region_name="eu-west-1",
        aws_access_key_id="any",
        aws_secret_access_key="any",
    )
    return DynamoDBPersistenceLayer(
        table_name=place["table"], sort_key_attr=place.get("sortKeyAttr"), boto3_client=client
    )


class Old:
    """One function of old code."""

    def __init__(self, spec):
        self.effects = redis.Redis.from_url(spec["effects"], decode_responses=True) if "effects" in spec else None
        self.ran = False
        self.result = None
        self.spec = spec
        config = IdempotencyConfig(**spec.get("config", {}))
        more = {"key_prefix": spec["keyPrefix"]} if "keyPrefix" in spec else {}

        def charge(event, context):
            return self.work(event)

        # As if it stood in a module of its own.
        charge.__module__, charge.__qualname__ = "app", "charge"
        layer = layer_of(spec["place"])
        if spec.get("function"):
            def direct(order):
                return self.work(order)

            direct.__module__, direct.__qualname__ = "app", "charge"
            made = idempotent_function(
                direct, data_keyword_argument="order", persistence_store=layer, config=config, **more
            )
            self.call = lambda event: made(order=event)
        else:
            made = idempotent(charge, config=config, persistence_store=layer, **more)
            self.call = lambda event: made(event, Context(spec.get("remaining", 30_000)))

    def work(self, event):
        self.ran = True
        if self.effects is not None:
            number = self.effects.hincrby("effects", event["id"], 1)
            return {"id": event["id"], "by": os.getpid(), "number": number}
        if "raises" in self.spec:
            raise RuntimeError(self.spec["raises"])
        return self.spec.get("result")


def answer(old, event):
    old.ran = False
    try:
        return {"result": old.call(event), "ran": old.ran}
    except IdempotencyAlreadyInProgressError:
        return {"inProgress": True, "ran": old.ran}
    except IdempotencyValidationError:
        return {"mismatch": True, "ran": old.ran}
    except Exception as error:
        cause = error.args[1] if len(error.args) > 1 else None
        if isinstance(cause, IdempotencyValidationError):
            return {"mismatch": True, "ran": old.ran}
        return {"error": f"{type(error).__name__}: {error}", "ran": old.ran}


def main():
    functions = {}
    for line in sys.stdin:
        request = json.loads(line)
        if "spec" in request:
            name = json.dumps(request["spec"], sort_keys=True)
            if name not in functions:
                functions[name] = Old(request["spec"])
            said = answer(functions[name], request["event"])
        else:
            # Only the id that Powertools makes of a key.
            layer = DynamoDBPersistenceLayer(table_name="none", boto3_client=boto3.client("dynamodb", region_name="eu-west-1"))
            layer.configure(IdempotencyConfig(hash_function=request.get("hash", "md5")), "app.charge")
            said = {"hash": layer._generate_hash(request["key"])}
        print(json.dumps({**said, "n": request["n"]}), flush=True)


main()
