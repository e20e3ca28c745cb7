"""Writes the pictures of this folder with libraries that others keep (Pillow, tifffile with imagecodecs), and the volumes of
../pairs with nibabel. Run once, by hand; the tests know the values by the same formulas.
"""
import os
import nibabel as nib
import numpy as np
import tifffile
from PIL import Image

os.chdir(os.path.dirname(os.path.abspath(__file__)))
HEIGHT, WIDTH = 23, 37
y, x = np.mgrid[:HEIGHT, :WIDTH]
grey8 = ((7 * x + 13 * y) % 256).astype(np.uint8)
grey16 = ((701 * x + 1301 * y) % 65536).astype(np.uint16)
rgb8 = np.stack([(11 * x) % 256, (17 * y) % 256, (5 * (x + y)) % 256], -1).astype(np.uint8)
classes = ((x // 8 + y // 8) % 4).astype(np.uint8)
colours = [(0, 0, 0), (255, 0, 0), (0, 128, 255), (9, 9, 9)]


def tif(name, data, **options):
    tifffile.imwrite(f"{name}.tif", data, metadata=None, software=None, **options)


tif("grey8-lzw-differences", grey8, compression="lzw", predictor=2, rowsperstrip=5)
tif("grey16-big-deflate-differences", grey16, compression="zlib", predictor=2, byteorder=">")
tif("rgb8-packbits", rgb8, compression="packbits", photometric="rgb", rowsperstrip=4)
tif("rgb8-tiles-deflate-differences", rgb8, compression="zlib", predictor=2, tile=(16, 32), photometric="rgb")
tif("rgb8-planes", np.moveaxis(rgb8, -1, 0), planarconfig="separate", photometric="rgb", rowsperstrip=9)
tif("rgba8-lzw", np.dstack([rgb8, grey8]), compression="lzw", photometric="rgb", extrasamples=["unassalpha"])
tif("float32-deflate", (grey16 / 8 - 1000).astype(np.float32), compression="zlib")
tif("int16", (grey16.astype(np.int32) - 32768).astype(np.int16))
tif("white-is-zero", 255 - grey8, photometric="miniswhite")
tif("pages", np.stack([grey8, grey8]), photometric="minisblack")
tif("grey8-jpeg", grey8, compression="jpeg")
tif("big", grey8, bigtiff=True)
n, m = np.mgrid[:80, :80]
tif("noise-lzw", ((31 * m * m + 17 * n * n + 7 * n * m) % 251).astype(np.uint8), compression="lzw", rowsperstrip=80)

masked = Image.fromarray(classes, "P")
masked.putpalette([channel for colour in colours for channel in colour])
masked.save("palette8.tif")
masked.save("palette.png")
masked.save("palette8.bmp")
Image.fromarray(rgb8).save("rgb24.bmp")
Image.fromarray(grey8).save("grey8.bmp")
Image.fromarray(np.dstack([rgb8, grey8]), "RGBA").save("rgba32.bmp")
Image.fromarray(classes % 2 == 1).save("bits.bmp")
Image.fromarray(classes % 2 == 1).save("bits-fax.tif", compression="group4")
Image.fromarray(classes % 2 == 1).save("bits.tif", compression="packbits")
grey16_png = Image.fromarray(grey16)
grey16_png.save("grey16.png")
Image.fromarray(np.dstack([grey8, classes]), "LA").save("grey-alpha.png")

volume = (np.arange(3 * 4 * 5).reshape(3, 4, 5) * 7 - 100).astype(np.int16)
affine = np.array([[-1.5, 0, 0, 10], [0, 0, 2, -20], [0, 3, 0, 30], [0, 0, 0, 1.0]])
for name, kind, order in [("little", nib.Nifti1Pair, "<"), ("big", nib.Nifti1Pair, ">"), ("second", nib.Nifti2Pair, "<")]:
    header = kind.header_class(endianness=order)
    header.set_data_dtype(np.dtype(np.int16).newbyteorder(order))
    nib.save(kind(volume, affine, header), f"../pairs/{name}.hdr")
nib.save(nib.AnalyzeImage(volume, None), "../pairs/analyze.hdr")
