using System.Buffers.Binary;
using System.Security.Cryptography;

namespace CarbonMarket.Journaling;

/// <summary>
/// Ids of version 7 for the rows of one batch, made of randomness that is asked for by the page: to ask the system for each
/// id costs as much as to write the row.
/// </summary>
internal sealed class RowIds
{
    private const int IdsPerPage = 64;
    private const int Size = 16;

    private readonly byte[] page = new byte[IdsPerPage * Size];
    private int place = IdsPerPage * Size;

    public Guid Next(DateTimeOffset at)
    {
        if (place == page.Length)
        {
            RandomNumberGenerator.Fill(page);
            place = 0;
        }
        var id = page.AsSpan(place, Size);
        place += Size;
        // RFC 9562: 48 bits of Unix milliseconds, version, variant; the rest is random.
        var milliseconds = at.ToUnixTimeMilliseconds();
        BinaryPrimitives.WriteUInt16BigEndian(id, unchecked((ushort)(milliseconds >> 32)));
        BinaryPrimitives.WriteUInt32BigEndian(id[2..], unchecked((uint)milliseconds));
        id[6] = (byte)((id[6] & 0x0F) | 0x70);
        id[8] = (byte)((id[8] & 0x3F) | 0x80);
        return new Guid(id, bigEndian: true);
    }
}
