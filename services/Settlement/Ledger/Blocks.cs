using System.Collections;
using System.Text.Json;
using System.Text.Json.Serialization;
using CarbonMarket.Kernel;

namespace CarbonMarket.Settlement.Ledger;

/// <summary>
/// Units with consecutive serials (配额编号) of one instrument and vintage. With the instrument the serial names one unit
/// for ever, so that each can be traced to its issuance.
/// </summary>
/// <param name="Vintage">Year of the units.</param>
/// <param name="First">Serial of the first unit.</param>
/// <param name="Last">Serial of the last unit, itself included.</param>
public readonly record struct Block(ComplianceYear Vintage, long First, long Last)
{
    [JsonIgnore]
    public Quantity Quantity => Quantity.Of(checked(Last - First + 1));
}

/// <summary>What one posting moves: a fixed list of blocks, equal when its blocks are.</summary>
[JsonConverter(typeof(BlocksJsonConverter))]
public sealed class Blocks(IEnumerable<Block> blocks) : IReadOnlyList<Block>, IEquatable<Blocks>
{
    private readonly Block[] _blocks = [.. blocks];

    public int Count => _blocks.Length;

    /// <summary>Sum of the blocks' units.</summary>
    public Quantity Quantity => _blocks.Aggregate(Quantity.Zero, (sum, block) => sum + block.Quantity);

    /// <summary>Sum of each vintage.</summary>
    public IEnumerable<(ComplianceYear Vintage, Quantity Quantity)> Vintages => _blocks.AggregateBy(
        block => block.Vintage, Quantity.Zero, (sum, block) => sum + block.Quantity).Select(sum => (sum.Key, sum.Value));

    public Block this[int index] => _blocks[index];

    /// <summary>These without those.</summary>
    public Blocks Without(Blocks others)
    {
        IEnumerable<Block> left = _blocks;
        foreach (var other in others)
            left = left.SelectMany(block => Without(block, other));
        return new Blocks(left);
    }

    /// <summary>So many of their units, the first ones, or all if there are no more.</summary>
    public Blocks UpTo(Quantity quantity)
    {
        var (taken, wanted) = (new List<Block>(), quantity.Value);
        foreach (var block in _blocks.TakeWhile(_ => wanted > 0))
        {
            var part = block with { Last = Math.Min(block.Last, block.First + wanted - 1) };
            taken.Add(part);
            wanted -= part.Quantity.Value;
        }
        return new Blocks(taken);
    }

    public static Blocks Of(params ReadOnlySpan<Block> blocks) => new(blocks.ToArray());

    public IEnumerator<Block> GetEnumerator() => ((IEnumerable<Block>)_blocks).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static IEnumerable<Block> Without(Block block, Block other)
    {
        if (block.Vintage != other.Vintage || other.Last < block.First || block.Last < other.First)
            return [block];
        return new[] { block with { Last = other.First - 1 }, block with { First = other.Last + 1 } }.Where(part => part.First <= part.Last);
    }

    public bool Equals(Blocks? other) => other is not null && _blocks.AsSpan().SequenceEqual(other._blocks);

    public override bool Equals(object? obj) => Equals(obj as Blocks);

    public override int GetHashCode() => _blocks.Aggregate(0, HashCode.Combine);

    public override string ToString() => string.Join(", ", _blocks.Select(block => $"{block.Vintage}:{block.First}-{block.Last}"));
}

public sealed class BlocksJsonConverter : JsonConverter<Blocks>
{
    public override Blocks Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        new(JsonSerializer.Deserialize<List<Block>>(ref reader, options) ?? []);

    public override void Write(Utf8JsonWriter writer, Blocks value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        foreach (var block in value)
            JsonSerializer.Serialize(writer, block, options);
        writer.WriteEndArray();
    }
}
