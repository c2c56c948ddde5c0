using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace CarbonMarket.Audit.Log;

/// <summary>
/// The end of one service's hash chain: each link covers the one before it, so nothing in the middle can be changed,
/// removed or moved without every later link showing it. The chain follows the order of arrival.
/// </summary>
/// <param name="Entries">How many entries the chain holds; the newest stands at this position.</param>
/// <param name="Hash">The newest link.</param>
public sealed record Chain(string Service, long Entries, byte[] Hash)
{
    /// <summary>The chain of a service that has said nothing yet.</summary>
    public static Chain Start(string service) =>
        new(service, 0, SHA256.HashData(Encoding.UTF8.GetBytes($"carbonmarket.audit.chain.v1:{service}")));

    public Chain Link(ReadOnlySpan<byte> digest)
    {
        var position = Entries + 1;
        Span<byte> input = stackalloc byte[SHA256.HashSizeInBytes + sizeof(long) + SHA256.HashSizeInBytes];
        Hash.CopyTo(input);
        BinaryPrimitives.WriteInt64BigEndian(input[SHA256.HashSizeInBytes..], position);
        digest.CopyTo(input[(SHA256.HashSizeInBytes + sizeof(long))..]);
        return new Chain(Service, position, SHA256.HashData(input));
    }

    public bool EndsLike(Chain other) => Entries == other.Entries && Hash.AsSpan().SequenceEqual(other.Hash);
}
