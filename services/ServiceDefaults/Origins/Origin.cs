using System.Globalization;
using CarbonMarket.Journaling;
using JasperFx.Events;
using MassTransit;

namespace CarbonMarket.ServiceDefaults.Origins;

/// <summary>
/// Where a message comes from: a stretch of a stream's versions that one writer has written. Two writers never wrote the
/// same version; where it looks so, one of them goes on from an older state of its store (ADR 33).
/// </summary>
/// <param name="Writer">Of a journal, the life of its writer; elsewhere the event itself, which was written once.</param>
/// <param name="First">The first version that this writer wrote.</param>
/// <param name="Last">The last that it is known to have written.</param>
public sealed record Origin(Guid Stream, Guid Writer, long First, long Last)
{
    private const string StreamHeader = "origin-stream";
    private const string WriterHeader = "origin-writer";
    private const string FirstHeader = "origin-first";
    private const string LastHeader = "origin-last";

    /// <summary>Null for what a journal holds from before its writers were on record.</summary>
    /// <param name="writers">The writers of the event's journal, latest first; of a stream that is none, nothing.</param>
    public static Origin? Of(IEvent recorded, IEnumerable<JournalWriter> writers)
    {
        if (!JournalWriter.Wrote(recorded))
            return new Origin(recorded.StreamId, recorded.Id, recorded.Version, recorded.Version);
        var writer = writers.FirstOrDefault(writer => writer.Journal == recorded.StreamId && writer.Since < recorded.Version);
        return writer is null ? null : new Origin(recorded.StreamId, writer.Id, writer.Since + 1, recorded.Version);
    }

    /// <summary>Null for a message that says nothing of it.</summary>
    public static Origin? Of(Headers headers) =>
        Guid.TryParse(headers.Get<string>(StreamHeader), out var stream)
        && Guid.TryParse(headers.Get<string>(WriterHeader), out var writer)
        && long.TryParse(headers.Get<string>(FirstHeader), CultureInfo.InvariantCulture, out var first)
        && long.TryParse(headers.Get<string>(LastHeader), CultureInfo.InvariantCulture, out var last)
            ? new Origin(stream, writer, first, last)
            : null;

    public void Write(SendHeaders headers)
    {
        headers.Set(StreamHeader, Stream.ToString());
        headers.Set(WriterHeader, Writer.ToString());
        headers.Set(FirstHeader, First.ToString(CultureInfo.InvariantCulture));
        headers.Set(LastHeader, Last.ToString(CultureInfo.InvariantCulture));
    }
}
