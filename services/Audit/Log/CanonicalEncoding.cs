using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace CarbonMarket.Audit.Log;

/// <summary>
/// One way, and one only, to write the fields of an entry as bytes: numbers big-endian, ids in network order, text as
/// UTF-8 led by its length, absent text as length -1. Two different entries never have the same bytes.
/// </summary>
internal sealed class CanonicalEncoding
{
    private const int GuidSize = 16;
    private readonly ArrayBufferWriter<byte> _bytes = new(1024);

    public ReadOnlySpan<byte> Written => _bytes.WrittenSpan;

    public void Number(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_bytes.GetSpan(sizeof(long)), value);
        _bytes.Advance(sizeof(long));
    }

    public void Id(Guid value)
    {
        value.TryWriteBytes(_bytes.GetSpan(GuidSize), bigEndian: true, out _);
        _bytes.Advance(GuidSize);
    }

    public void Text(string? value)
    {
        if (value is null)
        {
            Number(-1);
            return;
        }
        Number(Encoding.UTF8.GetByteCount(value));
        Encoding.UTF8.GetBytes(value, _bytes);
    }
}
