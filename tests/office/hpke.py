"""Opens what a till has sealed: RFC 9180 in base mode, with X25519, HKDF-SHA256 and ChaCha20-Poly1305, written down here
once more, so that the office's rows are read by other hands than those that sealed them. Slow, and for tests alone."""

import hashlib
import hmac
import struct

P = 2 ** 255 - 19
KEM = b"KEM" + struct.pack(">H", 0x0020)
SUITE = b"HPKE" + struct.pack(">HHH", 0x0020, 0x0001, 0x0003)
INFO = b"sequra-office 1"


class CannotOpen(Exception):
    """Another key, or another's box."""


def x25519(scalar: bytes, point: bytes) -> bytes:
    k = int.from_bytes(scalar, "little") & ((1 << 254) - 8) | 1 << 254
    u = int.from_bytes(point, "little") & ((1 << 255) - 1)
    x2, z2, x3, z3, swapped = 1, 0, u, 1, 0
    for at in range(254, -1, -1):
        bit = k >> at & 1
        if swapped ^ bit:
            x2, x3, z2, z3 = x3, x2, z3, z2
        swapped = bit
        a, b, c, d = x2 + z2, x2 - z2, x3 + z3, x3 - z3
        aa, bb, da, cb = a * a % P, b * b % P, d * a % P, c * b % P
        e = aa - bb
        x3, z3 = (da + cb) ** 2 % P, u * (da - cb) ** 2 % P
        x2, z2 = aa * bb % P, e * (aa + 121665 * e) % P
    if swapped:
        x2, z2 = x3, z3
    return (x2 * pow(z2, P - 2, P) % P).to_bytes(32, "little")


def public_of(private: bytes) -> bytes:
    return x25519(private, (9).to_bytes(32, "little"))


def _hmac(key, data):
    return hmac.new(key, data, hashlib.sha256).digest()


def _extract(suite, salt, label, material):
    return _hmac(salt or b"\0" * 32, b"HPKE-v1" + suite + label + material)


def _expand(suite, key, label, info, length):
    info = struct.pack(">H", length) + b"HPKE-v1" + suite + label + info
    made, block, number = b"", b"", 1
    while len(made) < length:
        block = _hmac(key, block + info + bytes([number]))
        made, number = made + block, number + 1
    return made[:length]


def _quarter(x, a, b, c, d):
    x[a] = x[a] + x[b] & 0xFFFFFFFF
    t = x[d] ^ x[a]
    x[d] = (t << 16 | t >> 16) & 0xFFFFFFFF
    x[c] = x[c] + x[d] & 0xFFFFFFFF
    t = x[b] ^ x[c]
    x[b] = (t << 12 | t >> 20) & 0xFFFFFFFF
    x[a] = x[a] + x[b] & 0xFFFFFFFF
    t = x[d] ^ x[a]
    x[d] = (t << 8 | t >> 24) & 0xFFFFFFFF
    x[c] = x[c] + x[d] & 0xFFFFFFFF
    t = x[b] ^ x[c]
    x[b] = (t << 7 | t >> 25) & 0xFFFFFFFF


def _block(key, counter, nonce):
    begun = [0x61707865, 0x3320646E, 0x79622D32, 0x6B206574,
             *struct.unpack("<8I", key), counter, *struct.unpack("<3I", nonce)]
    x = list(begun)
    for _ in range(10):
        for way in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                    (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            _quarter(x, *way)
    return struct.pack("<16I", *(a + b & 0xFFFFFFFF for a, b in zip(x, begun)))


def _tag(key, aad, cipher):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    s = int.from_bytes(key[16:], "little")

    def padded(data):
        return data + b"\0" * (-len(data) % 16)
    said = padded(aad) + padded(cipher) + struct.pack("<QQ", len(aad), len(cipher))
    sum_ = 0
    for at in range(0, len(said), 16):
        sum_ = (sum_ + int.from_bytes(said[at:at + 16] + b"\1", "little")) * r % (2 ** 130 - 5)
    return (sum_ + s & 2 ** 128 - 1).to_bytes(16, "little")


def _opened(key, nonce, aad, sealed):
    cipher, tag = sealed[:-16], sealed[-16:]
    if _tag(_block(key, 0, nonce)[:32], aad, cipher) != tag:
        raise CannotOpen
    stream = b"".join(_block(key, 1 + at // 64, nonce) for at in range(0, len(cipher), 64))
    return bytes(a ^ b for a, b in zip(cipher, stream))


def opened(private: bytes, box: bytes, whose: str) -> bytes:
    """What is in a box as the office's tables keep it: the encapsulated key, and what is encrypted."""
    enc, sealed = box[:32], box[32:]
    shared = x25519(private, enc)
    context = enc + public_of(private)
    secret = _expand(KEM, _extract(KEM, b"", b"eae_prk", shared), b"shared_secret", context, 32)
    schedule = b"\0" + _extract(SUITE, b"", b"psk_id_hash", b"") + _extract(SUITE, b"", b"info_hash", INFO)
    secret = _extract(SUITE, secret, b"secret", b"")
    key = _expand(SUITE, secret, b"key", schedule, 32)
    nonce = _expand(SUITE, secret, b"base_nonce", schedule, 12)
    return _opened(key, nonce, whose.encode(), sealed)
