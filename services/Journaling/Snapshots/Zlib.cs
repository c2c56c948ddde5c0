using System.IO.Compression;

namespace CarbonMarket.Journaling;

/// <summary>
/// States as they are stored. Commits wait for what the server writes of them: a third of the bytes are worth a tenth of a second beside
/// the writer.
/// </summary>
public static class Zlib
{
    public static byte[] Compress(ReadOnlySpan<byte> bytes)
    {
        var compressed = new MemoryStream(bytes.Length / 2);
        using (var stream = new ZLibStream(compressed, CompressionLevel.Fastest))
            stream.Write(bytes);
        return compressed.ToArray();
    }

    public static byte[] Decompress(byte[] compressed)
    {
        var bytes = new MemoryStream(compressed.Length * 4);
        using (var stream = new ZLibStream(new MemoryStream(compressed), CompressionMode.Decompress))
            stream.CopyTo(bytes);
        return bytes.ToArray();
    }
}
