using System.Buffers;
using CarbonMarket.Journaling;
using Marten;

namespace CarbonMarket.Trading.Market;

/// <summary>
/// What a fold has come to, as its checkpoint holds it: JSON, compressed (zlib). As a document of its own it would be megabytes that
/// the server takes apart and nobody asks for.
/// </summary>
internal static class PackedState
{
    public static byte[] Pack<TState>(IDocumentStore store, TState state)
        where TState : notnull
    {
        var json = new ArrayBufferWriter<byte>();
        store.Options.Serializer().WriteTo(json, state);
        return Zlib.Compress(json.WrittenSpan);
    }

    public static TState Unpack<TState>(IDocumentStore store, byte[] packed)
    {
        using var json = new MemoryStream(Zlib.Decompress(packed));
        return store.Options.Serializer().FromJson<TState>(json);
    }
}
