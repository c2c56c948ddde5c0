using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CarbonMarket.Kernel;

/// <summary>Ids that a reactor derives from what it reacts to, so that a redelivery meets the same id (RFC 9562, version 8).</summary>
public static class DeterministicGuid
{
    private const int Version = 8;

    public static Guid From(Guid source, string purpose)
    {
        var name = Encoding.UTF8.GetBytes(purpose);
        Span<byte> input = stackalloc byte[16 + name.Length];
        source.TryWriteBytes(input, bigEndian: true, out _);
        name.CopyTo(input[16..]);
        return FromHash(input);
    }

    public static Guid From(Guid source, string purpose, long number)
    {
        var name = Encoding.UTF8.GetBytes(purpose);
        Span<byte> input = stackalloc byte[24 + name.Length];
        source.TryWriteBytes(input, bigEndian: true, out _);
        BinaryPrimitives.WriteInt64BigEndian(input[16..], number);
        name.CopyTo(input[24..]);
        return FromHash(input);
    }

    /// <summary>
    /// The id of the stream of what a caller has named. Ids of version 8 are those derived here, from what everybody knows: a caller
    /// could name its thing by one that stands, or is to stand, for something else. What is named so is therefore kept under an id
    /// derived from that name, and whatever has another name under the name itself.
    /// </summary>
    /// <param name="purpose">The kind of thing.</param>
    public static Guid OfNamed(Guid name, string purpose) => name.Version == Version ? From(name, purpose) : name;

    public static Guid From(string name) => FromHash(Encoding.UTF8.GetBytes(name));

    private static Guid FromHash(ReadOnlySpan<byte> input)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(input, hash);
        hash[6] = (byte)((hash[6] & 0x0F) | (Version << 4));
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash[..16], bigEndian: true);
    }
}
