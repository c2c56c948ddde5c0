using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace CarbonMarket.Trading.Market;

/// <summary>
/// A list as it stands in a snapshot: one value of fixed size for each item, all of them as bytes, and beside them what has
/// no fixed size. A market holds hundreds of thousands of orders and trades, and its writer stands still while they are
/// written down; as JSON objects they take twenty times as long.
/// </summary>
/// <typeparam name="TItem">What the list is of.</typeparam>
/// <typeparam name="TFixed">Laid out without gaps, for a gap would hold what memory held before.</typeparam>
/// <typeparam name="TRest">What goes beside them as JSON: names that many items share, and what few items have.</typeparam>
public abstract class PackedList<TItem, TFixed, TRest> : JsonConverter<IReadOnlyList<TItem>>
    where TFixed : unmanaged
    where TRest : new()
{
    /// <summary>Items in one piece of bytes: a string of JSON may not be as long as all of them can be.</summary>
    private const int Piece = 50_000;

    private sealed record Form(List<byte[]> Packed, TRest Rest);

    public sealed override void Write(Utf8JsonWriter writer, IReadOnlyList<TItem> value, JsonSerializerOptions options)
    {
        var form = new Form([], new TRest());
        for (var first = 0; first < value.Count; first += Piece)
        {
            var packed = new byte[Math.Min(Piece, value.Count - first) * Unsafe.SizeOf<TFixed>()];
            var places = MemoryMarshal.Cast<byte, TFixed>(packed.AsSpan());
            for (var i = 0; i < places.Length; i++)
                places[i] = Pack(value[first + i], first + i, form.Rest);
            form.Packed.Add(packed);
        }
        JsonSerializer.Serialize(writer, form, options);
    }

    public sealed override IReadOnlyList<TItem> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var form = JsonSerializer.Deserialize<Form>(ref reader, options)!;
        var items = new List<TItem>(form.Packed.Sum(packed => packed.Length) / Unsafe.SizeOf<TFixed>());
        foreach (var packed in form.Packed)
        {
            foreach (ref readonly var value in MemoryMarshal.Cast<byte, TFixed>(packed))
                items.Add(Unpack(value, items.Count, form.Rest));
        }
        return items;
    }

    protected abstract TFixed Pack(TItem item, int place, TRest rest);

    protected abstract TItem Unpack(in TFixed value, int place, TRest rest);
}

/// <summary>Names that many items share, each told once.</summary>
public sealed class SharedNames
{
    private readonly Dictionary<string, int> _places = new(StringComparer.Ordinal);

    public List<string> Names { get; init; } = [];

    public int PlaceOf(string name)
    {
        if (_places.TryGetValue(name, out var place))
            return place;
        _places.Add(name, Names.Count);
        Names.Add(name);
        return Names.Count - 1;
    }
}

/// <summary>A moment with its offset from UTC, which it keeps.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public readonly struct PackedTime(DateTimeOffset time)
{
    private readonly long ticks = time.Ticks;
    private readonly long offset = time.Offset.Ticks;

    public DateTimeOffset Time => new(ticks, new TimeSpan(offset));
}
