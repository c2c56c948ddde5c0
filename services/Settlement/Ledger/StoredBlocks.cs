using System.Buffers;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Unicode;
using CarbonMarket.Kernel;

namespace CarbonMarket.Settlement.Ledger;

/// <summary>
/// Blocks as the journal keeps them: <c>2021:1-50,77-80;2022:5-9</c>, in their order, the vintage told where it changes. A trade may
/// move dozens, and as objects they made up most of what was written of it. Facts that hold them as objects are read as before.
/// </summary>
internal sealed class StoredBlocks : JsonConverter<Blocks>
{
    /// <summary>Of a block: a vintage, two serials and what parts them.</summary>
    private const int MostBytes = 56;

    public override Blocks Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String
            ? new Blocks(Parse(reader.GetString()!))
            : new Blocks(JsonSerializer.Deserialize<List<Block>>(ref reader, options) ?? []);

    public override void Write(Utf8JsonWriter writer, Blocks value, JsonSerializerOptions options)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(MostBytes * value.Count);
        var (length, vintage) = (0, default(ComplianceYear?));
        foreach (var block in value)
        {
            var place = bytes.AsSpan(length);
            var isWritten = block.Vintage == vintage
                ? Utf8.TryWrite(place, CultureInfo.InvariantCulture, $",{block.First}-{block.Last}", out var written)
                : Utf8.TryWrite(place, CultureInfo.InvariantCulture, $"{(vintage is null ? "" : ";")}{block.Vintage.Value}:{block.First}-{block.Last}", out written);
            if (!isWritten)
                throw new InvalidOperationException($"{block} takes more than {MostBytes} bytes.");
            (length, vintage) = (length + written, block.Vintage);
        }
        writer.WriteStringValue(bytes.AsSpan(0, length));
        ArrayPool<byte>.Shared.Return(bytes);
    }

    private static List<Block> Parse(string text)
    {
        var blocks = new List<Block>();
        foreach (var group in text.Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            if (group.Split(':') is not [var vintage, var ranges])
                throw new JsonException($"\"{group}\" is not a vintage and its serials, as 2021:1-50,77-80.");
            foreach (var range in ranges.Split(','))
            {
                if (range.Split('-') is not [var first, var last])
                    throw new JsonException($"\"{range}\" is not a first and a last serial, as 1-50.");
                blocks.Add(new Block(ComplianceYear.Of((int)Number(vintage)), Number(first), Number(last)));
            }
        }
        return blocks;
    }

    private static long Number(string digits) => long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        ? number
        : throw new JsonException($"\"{digits}\" is no number.");
}
