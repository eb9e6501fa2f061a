"""Model fields whose column holds only ciphertext.

* The seal is bound to model, object and field: moved to another row or column it raises `Tampered`.
  History rows of django-pghistory open with the place of the object they tell about.
* Opened lazily, at attribute access. A value that did not change keeps its ciphertext, so history does not
  record changes that were none. Values are padded to 32 bytes: the length tells little, "" looks like "はい".
* `.values()` gives `Sealed` objects that refuse to be printed; lookups other than `isnull` and `.update()`
  with a value raise TypeError. `.update(field="")` is allowed and is how erasure wipes many rows: the column
  becomes zero bytes, which reads as the field's empty value.
* `origin="app.Model"` keeps old values readable after a model was renamed.
"""

import json
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from daredemo.sealed import keys

if TYPE_CHECKING:
    TextField = models.Field[str, str]
    JSONField = models.Field[Any, Any]
else:
    TextField = JSONField = models.Field

PURPOSE = "column"
BLOCK = 32


class Sealed:
    """Ciphertext on its way between the database and an instance."""

    __slots__ = ("data",)

    def __init__(self, data: bytes) -> None:
        self.data = data

    def __repr__(self) -> str:
        return "<Sealed>"

    def __str__(self) -> str:
        raise TypeError("a sealed value is read from its instance, not from .values()")


def padded(plain: bytes) -> bytes:
    return plain + b"\x80" + bytes(-(len(plain) + 1) % BLOCK)


def unpadded(plain: bytes) -> bytes:
    return plain[: plain.rindex(b"\x80")]


class Opening(DeferredAttribute):
    """Opens the value when it is first read and remembers which ciphertext it came from."""

    field: "SealedText | SealedJSON"

    def __get__(self, instance: models.Model | None, cls: Any = None) -> Any:
        value = super().__get__(instance, cls)
        if instance is None or not isinstance(value, Sealed):
            return value
        plain = self.field.open(value.data, instance)
        instance.__dict__[self.field.memo] = (self.field.place(instance), plain, value.data)
        instance.__dict__[self.field.attname] = opened = self.field.parse(plain)
        return opened

    def __set__(self, instance: models.Model, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class _Sealing:
    """What both fields share; mixed into a Django field."""

    if TYPE_CHECKING:
        model: type[models.Model]
        name: str
        attname: str
        null: bool

        def get_default(self) -> Any: ...

    descriptor_class = Opening

    def __init__(self, *args: Any, origin: str = "", **options: Any) -> None:
        self.origin = origin
        super().__init__(*args, **options)

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()  # type: ignore[misc]
        if self.origin:
            options["origin"] = self.origin
        return name, path, args, options

    def get_internal_type(self) -> str:
        return "BinaryField"

    @property
    def memo(self) -> str:
        return f"_sealed_{self.attname}"

    def place(self, instance: models.Model) -> str:
        """ "app.Model|object id|field": where the value belongs."""
        tracked = getattr(self.model, "pgh_tracked_model", None)
        model = (tracked or self.model)._meta.concrete_model or self.model
        object_id = instance.pgh_obj_id if tracked else instance.pk  # type: ignore[attr-defined]
        if object_id is None:
            raise TypeError(f"{model._meta.label} needs its id before {self.name} can be sealed")
        return f"{self.origin or model._meta.label}|{object_id}|{self.name}"

    def parse(self, plain: bytes) -> Any:
        raise NotImplementedError

    def plain(self, value: Any) -> bytes:
        raise NotImplementedError

    def open(self, data: bytes, instance: models.Model) -> bytes:
        if not data:  # erased, or never written
            return self.plain(self.get_default())
        return unpadded(keys.unseal(data, purpose=PURPOSE, place=self.place(instance)))

    def seal(self, plain: bytes, instance: models.Model) -> bytes:
        return keys.seal(padded(plain), purpose=PURPOSE, place=self.place(instance))

    def pre_save(self, instance: models.Model, add: bool) -> Any:
        value = getattr(instance, self.attname)
        if value is None or hasattr(value, "resolve_expression"):
            return value
        plain = self.plain(value)
        now = (self.place(instance), plain)
        *was, data = instance.__dict__.get(self.memo, (None, None, b""))
        if add or tuple(was) != now or not data.startswith(keys.prefix(keys.active())):
            data = self.seal(plain, instance)
            instance.__dict__[self.memo] = (*now, data)
        return Sealed(data)

    def from_db_value(self, value: Any, *_: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value))

    def get_db_prep_value(self, value: Any, *_: Any, **__: Any) -> Any:
        if value is None or hasattr(value, "resolve_expression"):
            return value
        if isinstance(value, Sealed):
            return value.data
        if value in ("", b"", {}, []):
            return b""
        raise TypeError(
            f"{self.model._meta.label}.{self.name} is sealed: set it on an instance and save that"
        )

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name != "isnull":
            raise TypeError(f"{self.model._meta.label}.{self.name} is sealed and cannot be searched")
        return super().get_lookup(lookup_name)  # type: ignore[misc]

    def get_transform(self, lookup_name: str) -> None:  # noqa: ARG002
        return None

    def value_to_string(self, obj: models.Model) -> str:  # noqa: ARG002
        raise TypeError("sealed values are not dumped in clear")


class SealedText(_Sealing, TextField):  # type: ignore[misc]
    """A text, sealed. Reads as str."""

    def parse(self, plain: bytes) -> str:
        return plain.decode()

    def plain(self, value: Any) -> bytes:
        return str(value or "").encode()

    def formfield(self, **options: Any) -> Any:
        from django import forms

        return super().formfield(**{"form_class": forms.CharField, **options})


class SealedJSON(_Sealing, JSONField):  # type: ignore[misc]
    """Any JSON value, sealed. Give it `default=dict` or `default=list`."""

    empty_strings_allowed = False

    def parse(self, plain: bytes) -> Any:
        return json.loads(plain)

    def plain(self, value: Any) -> bytes:
        return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
