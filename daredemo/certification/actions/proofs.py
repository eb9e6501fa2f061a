"""Documents (減免の書類): checked by content, made harmless, sealed."""

from datetime import datetime
from io import BytesIO
from uuid import UUID

from django.db import transaction
from PIL import Image, ImageOps

from daredemo.accounts.models import User
from daredemo.audit import actions as audit
from daredemo.certification.actions.drafts import hold
from daredemo.certification.models import Application, Proof
from daredemo.rules.refusal import Reason, Refused
from daredemo.sealed import files

LIMIT_MIB = 10  # of what is kept as it was sent
PHOTO_MIB = 40  # of a photograph, which is drawn smaller
MOST_FILES = 10
LONGEST_SIDE = 2400  # pixels: a page photographed stays readable
MOST_PIXELS = 80_000_000
PICTURES = ("JPEG", "PNG", "WEBP")
KINDS = ("PDF", "JPEG", "PNG")


@transaction.atomic
def add_proof(*, application: Application, name: str, data: bytes, by: User | None, now: datetime) -> Proof:
    """Keep a document. Pictures are drawn anew and smaller, without place and camera; a PDF stays as it is.

    Raises FILE_TOO_LARGE, FILE_NOT_READABLE or TOO_MANY_FILES.
    """
    held = hold(application)
    if held.proofs.count() >= MOST_FILES:
        raise Refused(Reason.TOO_MANY_FILES, limit=MOST_FILES)
    _require_size(data, PHOTO_MIB)
    media_type, kept = harmless(data)
    _require_size(kept, LIMIT_MIB)
    made = Proof(
        application=held,
        file_name=name[:200],
        stored_as=files.keep(kept),
        media_type=media_type,
        size=len(kept),
        added_at=now,
    )
    made.save(force_insert=True)
    audit.record(by=by, actor="" if by else "applicant", action="proof.add", subject=made, now=now)
    return made


def _require_size(data: bytes, mib: int) -> None:
    if len(data) > mib * 2**20:
        raise Refused(Reason.FILE_TOO_LARGE, limit_mib=mib)


def harmless(data: bytes) -> tuple[str, bytes]:
    """Media type by content, and the bytes to keep; raises FILE_NOT_READABLE."""
    if data[:1024].lstrip().startswith(b"%PDF-"):
        return "application/pdf", data
    try:
        with Image.open(BytesIO(data), formats=PICTURES) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                raise Refused(Reason.FILE_TOO_LARGE, limit_mib=LIMIT_MIB)
            drawn = ImageOps.exif_transpose(picture).convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as wrong:
        raise Refused(Reason.FILE_NOT_READABLE, kinds=KINDS) from wrong
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
    drawn.info.clear()  # a comment would be written into the new file
    out = BytesIO()
    drawn.save(out, "JPEG", quality=85, optimize=True)
    return "image/jpeg", out.getvalue()


@transaction.atomic
def remove_proof(*, application: Application, proof_id: UUID, by: User | None, now: datetime) -> None:
    """Take a document off again; its file goes when the row is gone. Raises Proof.DoesNotExist."""
    held = hold(application)
    proof = held.proofs.get(pk=proof_id)
    audit.record(by=by, actor="" if by else "applicant", action="proof.remove", subject=proof, now=now)
    stored_as = proof.stored_as
    proof.delete()
    transaction.on_commit(lambda: files.erase(stored_as))


def open_proof(*, proof: Proof, by: User | None, now: datetime) -> bytes:
    """The document's bytes; who looked is written down."""
    audit.read(by=by, actor="" if by else "applicant", subject=proof, now=now, what="proof")
    return files.read(proof.stored_as)
