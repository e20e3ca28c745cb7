"""Reads each file of a JSON list of [format, base64] with Python's own modules alone, and prints a SHA-256 of what is in it, or why not.

Written from the formats' definitions and not from this project's readers; run by independent.test.ts.
"""
import ast, base64, gzip, hashlib, io, json, struct, sys, zipfile, zlib


def digest(parts):
    sha = hashlib.sha256()
    for part in parts:
        part = part if isinstance(part, bytes) else str(part).encode()
        sha.update(struct.pack("<Q", len(part)) + part)
    return sha.hexdigest()


def read_zip(data):
    archive = zipfile.ZipFile(io.BytesIO(data))
    return [archive.read(entry) for entry in archive.infolist() if not entry.filename.endswith("/")]


def read_npy(data):
    assert data[:6] == b"\x93NUMPY"
    wide = data[6] > 1
    (length,) = struct.unpack_from("<I" if wide else "<H", data, 8)
    start = (12 if wide else 10) + length
    header = ast.literal_eval(data[12 if wide else 10 : start].decode())
    order, kind, width = header["descr"][0], header["descr"][1], int(header["descr"][2:])
    count = 1
    for axis in header["shape"]:
        count *= axis
    body = data[start:]
    assert len(body) == count * width, "short"
    items = [body[i : i + width] for i in range(0, len(body), width)]
    if order == ">":
        items = [item[::-1] for item in items]
    if header["fortran_order"] and len(header["shape"]) > 1:
        items = [items[fortran(index, header["shape"])] for index in range(count)]
    return [kind, width, list(header["shape"]), b"".join(items)]


def fortran(index, shape):
    place, stride, strides = 0, 1, []
    for length in shape:
        strides.append(stride)
        stride *= length
    for axis in reversed(range(len(shape))):
        place += (index % shape[axis]) * strides[axis]
        index //= shape[axis]
    return place


def once(pairs):
    assert len({key for key, _ in pairs}) == len(pairs), "a key twice"
    return dict(pairs)


def read_safetensors(data):
    (length,) = struct.unpack_from("<Q", data, 0)
    header = json.loads(data[8 : 8 + length].decode(), object_pairs_hook=once)
    assert len(data) >= 8 + length
    body, parts, end = data[8 + length :], [], 0
    tensors = [(name, entry) for name, entry in header.items() if name != "__metadata__"]
    for _, entry in sorted(tensors, key=lambda each: each[1]["data_offsets"]):
        assert entry["data_offsets"][0] == end, "a gap"
        end = entry["data_offsets"][1]
    assert end == len(body), "short"
    for name, entry in sorted(tensors, key=lambda each: each[0].encode("utf-16-be", "surrogatepass")):
        start, stop = entry["data_offsets"]
        parts += [entry["dtype"], list(entry["shape"]), body[start:stop]]
    return parts


def read_png(data):
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    at, pixels, header = 8, b"", None
    while True:
        length, kind = struct.unpack_from(">I4s", data, at)
        content = data[at + 8 : at + 8 + length]
        (sum,) = struct.unpack_from(">I", data, at + 8 + length)
        assert zlib.crc32(kind + content) == sum, "CRC"
        at += 12 + length
        if kind == b"IHDR":
            header = struct.unpack(">IIBBBBB", content)
        if kind == b"IDAT":
            pixels += content
        if kind == b"IEND":
            break
    width, height, depth, colour, _, _, interlaced = header
    if depth != 8 or colour == 3 or interlaced:
        return None
    samples = {0: 1, 2: 3, 4: 2, 6: 4}[colour]
    engine = zlib.decompressobj()
    raw = engine.decompress(pixels)
    assert engine.eof and len(raw) == height * (1 + width * samples), "short"
    rows, above, kept = [], bytes(width * samples), 1 if colour in (0, 4) else 3
    for y in range(height):
        row = raw[y * (1 + width * samples) : (y + 1) * (1 + width * samples)]
        above = unfilter(row[0], bytearray(row[1:]), above, samples)
        for x in range(0, len(above), samples):
            rows.append(bytes(above[x : x + kept]))
    return [width, height, kept, b"".join(rows)]


def unfilter(kind, row, above, step):
    assert kind < 5, "filter"
    for i in range(len(row)):
        a, b = (row[i - step] if i >= step else 0), above[i]
        c = above[i - step] if i >= step else 0
        p = a + b - c
        nearest = min((abs(p - a), 0, a), (abs(p - b), 1, b), (abs(p - c), 2, c))[2]
        row[i] = (row[i] + [0, a, b, (a + b) // 2, nearest][kind]) & 255
    return row


def read_nifti(data):
    if data[:2] == b"\x1f\x8b":
        data = gzip.decompress(data)
    order = "<" if struct.unpack_from("<i", data, 0)[0] == 348 else ">"
    if struct.unpack_from(order + "i", data, 0)[0] != 348:
        return None
    dim = struct.unpack_from(order + "8h", data, 40)
    (kind,) = struct.unpack_from(order + "h", data, 70)
    offset, slope, inter = struct.unpack_from(order + "3f", data, 108)
    if kind not in (2, 4, 16) or slope not in (0.0, 1.0) or (slope and inter):
        return None
    count = 1
    for axis in range(1, dim[0] + 1):
        count *= dim[axis]
    letter = {2: "B", 4: "h", 16: "f"}[kind]
    values = struct.unpack_from(f"{order}{count}{letter}", data, int(offset))
    if any(value != value for value in values):
        return None
    return [[dim[axis] if axis <= dim[0] else 1 for axis in (3, 2, 1)], struct.pack(f"<{count}f", *values)]


readers = {"zip": read_zip, "npy": read_npy, "safetensors": read_safetensors, "PNG": read_png, "NIfTI": read_nifti}
for kind, text in json.load(sys.stdin):
    try:
        parts = readers[kind](base64.b64decode(text))
        print("not compared" if parts is None else digest(parts))
    except Exception as error:
        print("refused:", type(error).__name__, str(error).replace("\n", " ")[:100])
