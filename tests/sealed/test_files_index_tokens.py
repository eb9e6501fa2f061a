"""Sealed files, the blind index and one-time secrets."""

import os
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from daredemo.sealed import actions as sealing
from daredemo.sealed import fields, files, keys
from daredemo.sealed.index import blind
from daredemo.sealed.tokens import hash_token, make_token


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.SEALED_ROOT = tmp_path
    return tmp_path


def test_a_file_comes_back_and_is_unreadable_on_disk(folder: Path) -> None:
    name = files.keep(b"proof-canary" * 1000)
    assert files.read(name) == b"proof-canary" * 1000
    assert b"canary" not in (folder / name).read_bytes()


def test_names_tell_nothing_and_never_repeat() -> None:
    assert files.keep(b"same") != files.keep(b"same")


def test_a_file_under_another_name_is_refused(folder: Path) -> None:
    mine, other = files.keep(b"mine"), files.keep(b"other")
    (folder / mine).replace(folder / other)
    with pytest.raises(keys.Tampered):
        files.read(other)


@pytest.mark.parametrize("name", ["../etc/passwd", "aa/../../x", "", "/etc/passwd", "aa/" + "b" * 61])
def test_a_name_that_is_not_ours_is_not_found(name: str) -> None:
    with pytest.raises(FileNotFoundError):
        files.read(name)


def test_more_than_ten_mebibytes_are_refused() -> None:
    with pytest.raises(files.TooLarge):
        files.keep(bytes(files.LIMIT + 1))
    assert len(files.read(files.keep(bytes(files.LIMIT)))) == files.LIMIT


def test_an_erased_file_is_gone() -> None:
    name = files.keep(b"x")
    files.erase(name)
    with pytest.raises(FileNotFoundError):
        files.read(name)


def test_as_a_storage_the_given_name_is_not_kept() -> None:
    storage = files.SealedFile()
    name = storage.save("佐藤はな.pdf", ContentFile(b"pdf"))
    assert "佐藤" not in name
    assert storage.open(name).read() == b"pdf"


def test_files_follow_a_new_key(settings: Settings) -> None:
    name = files.keep(b"proof")
    settings.ENCRYPTION_KEYS = {"new": os.urandom(32), **settings.ENCRYPTION_KEYS}
    assert (sealing.rotate_files(), sealing.rotate_files()) == (1, 0)
    settings.ENCRYPTION_KEYS = {"new": settings.ENCRYPTION_KEYS["new"]}
    assert files.read(name) == b"proof"


def test_an_index_is_blind_and_forgives_spelling() -> None:
    assert blind("０９０-1234 5678", "phone") == blind("09012345678", "phone")
    assert blind("Ｈａｎａ@Example.JP ", "email") == blind("hana@example.jp", "email")
    assert blind("a-b@example.jp", "email") != blind("ab@example.jp", "email")
    assert blind("1", "phone") != blind("1", "email")
    assert "hana" not in blind("hana", "email")
    assert blind("　", "email") == ""


def test_an_index_outlives_rotation(settings: Settings) -> None:
    before, old = blind("x", "email"), settings.ENCRYPTION_KEYS
    new = os.urandom(32)
    settings.ENCRYPTION_KEYS = {"new": new, **old}
    assert blind("x", "email") == before
    settings.ENCRYPTION_KEYS = {"new": new, "index": next(iter(old.values()))}
    assert blind("x", "email") == before


def test_a_token_has_256_bits_and_only_its_hash_is_kept() -> None:
    token = make_token()
    assert len(token) == 43
    assert token != make_token()
    assert len(hash_token(token)) == 64
    assert hash_token("\ud800") != hash_token("")


@given(st.binary())
def test_padding_is_undone(plain: bytes) -> None:
    assert fields.unpadded(fields.padded(plain)) == plain
    assert len(fields.padded(plain)) % fields.BLOCK == 0
