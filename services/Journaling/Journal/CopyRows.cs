using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace CarbonMarket.Journaling;

/// <summary>
/// Rows in the binary form of PostgreSQL's COPY: a signature; for each row the number of its columns, for each value its
/// length and its bytes; an end. Written into one buffer that is sent piece by piece, because handing a driver value after
/// value costs more than the server needs to store them.
/// </summary>
internal sealed class CopyRows : IDisposable
{
    private const int Piece = 64 * 1024;
    private const int Null = -1;
    private const byte JsonbVersion = 1;

    private static readonly long Epoch = new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc).Ticks;

    private byte[] buffer = ArrayPool<byte>.Shared.Rent(2 * Piece);
    private int written;

    /// <summary>There is enough to send that the server can begin.</summary>
    public bool IsPiece => written >= Piece;

    /// <summary>What has been written since the last time; good until the next value is.</summary>
    public ReadOnlyMemory<byte> Take()
    {
        var piece = buffer.AsMemory(0, written);
        written = 0;
        return piece;
    }

    /// <summary>The signature, no flags, no extension.</summary>
    public void Begin()
    {
        ReadOnlySpan<byte> signature = [.. "PGCOPY\n"u8, 0xFF, .. "\r\n\0"u8, 0, 0, 0, 0, 0, 0, 0, 0];
        signature.CopyTo(Room(signature.Length));
    }

    public void End() => BinaryPrimitives.WriteInt16BigEndian(Room(sizeof(short)), -1);

    public void StartRow(int columns) => BinaryPrimitives.WriteInt16BigEndian(Room(sizeof(short)), (short)columns);

    public void WriteNull() => BinaryPrimitives.WriteInt32BigEndian(Room(sizeof(int)), Null);

    public void Write(long value) => BinaryPrimitives.WriteInt64BigEndian(Value(sizeof(long)), value);

    public void Write(bool value) => Value(1)[0] = value ? (byte)1 : (byte)0;

    public void Write(Guid value) => value.TryWriteBytes(Value(16), bigEndian: true, out _);

    /// <summary>As timestamptz: microseconds since 2000.</summary>
    public void Write(DateTimeOffset value) => Write((value.UtcTicks - Epoch) / TimeSpan.TicksPerMicrosecond);

    public void Write(string value) => Encoding.UTF8.GetBytes(value, Value(Encoding.UTF8.GetByteCount(value)));

    public void WriteJson(ReadOnlySpan<byte> json)
    {
        var value = Value(json.Length + 1);
        value[0] = JsonbVersion;
        json.CopyTo(value[1..]);
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(buffer);

    private Span<byte> Value(int length)
    {
        var room = Room(sizeof(int) + length);
        BinaryPrimitives.WriteInt32BigEndian(room, length);
        return room[sizeof(int)..];
    }

    private Span<byte> Room(int length)
    {
        if (buffer.Length - written < length)
            Grow(length);
        written += length;
        return buffer.AsSpan(written - length, length);
    }

    private void Grow(int length)
    {
        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(2 * buffer.Length, written + length));
        buffer.AsSpan(0, written).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(buffer);
        buffer = larger;
    }
}
