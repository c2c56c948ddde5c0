using System.Buffers.Text;

namespace CarbonMarket.Bench;

/// <summary>One line of a workload file: L a limit order, I an immediate-or-cancel order, C a cancel.</summary>
internal readonly record struct Operation(byte Kind, bool Buy, int OrderId, int Price, int Quantity);

/// <summary>Reads a workload file: <c>op,orderId,side,price,qty</c>, without a header; a cancel has the first two only.</summary>
internal static class Workload
{
    public static Operation[] Read(string path)
    {
        ReadOnlySpan<byte> text = File.ReadAllBytes(path);
        var operations = new List<Operation>(1_000_000);
        for (var line = 1; !text.IsEmpty; line++)
        {
            var end = text.IndexOf((byte)'\n');
            var row = end < 0 ? text : text[..end];
            text = end < 0 ? default : text[(end + 1)..];
            if (!row.IsEmpty)
                operations.Add(Parse(row, path, line));
        }
        return [.. operations];
    }

    private static Operation Parse(ReadOnlySpan<byte> row, string path, int line)
    {
        var kind = row[0];
        var rest = row[2..];
        var id = Number(ref rest);
        if (kind == 'C')
            return new Operation(kind, false, id, 0, 0);
        if (kind is not ((byte)'L' or (byte)'I'))
            throw new InvalidDataException($"{path}, line {line}: the operation is L, I or C, not {(char)kind}.");
        var buy = rest[0] == 'B';
        rest = rest[2..];
        return new Operation(kind, buy, id, Number(ref rest), Number(ref rest));
    }

    private static int Number(ref ReadOnlySpan<byte> rest)
    {
        if (!Utf8Parser.TryParse(rest, out int number, out var used))
            throw new InvalidDataException("A number was expected.");
        rest = used < rest.Length ? rest[(used + 1)..] : default;
        return number;
    }
}
