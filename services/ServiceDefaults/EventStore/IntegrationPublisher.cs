using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults.Origins;
using CarbonMarket.ServiceDefaults.Tracing;
using JasperFx.Events;
using JasperFx.Events.Daemon;
using JasperFx.Events.Projections;
using Marten;
using Marten.Subscriptions;
using MassTransit;
using Microsoft.Extensions.Logging;

namespace CarbonMarket.ServiceDefaults.EventStore;

/// <summary>A message for the other services, and the event it was made from (an envelope names its first).</summary>
public sealed record Promise(object Message, IEvent Source);

/// <summary>
/// Reads committed events in order and publishes what the service promises of them. The event store is the outbox: a
/// page counts as done only when the broker has confirmed every message, so delivery is at least once (ADR 0002).
/// </summary>
public abstract class IntegrationPublisher(IBus bus, ILogger logger) : ISubscription
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestConfirm = TimeSpan.FromSeconds(15);

    public async Task<IChangeListener> ProcessEventsAsync(
        EventRange page, ISubscriptionController controller, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        var promises = await Promises(Facts(page), operations, cancellationToken);
        var pause = TimeSpan.FromMilliseconds(100);
        while (promises.Count > 0)
        {
            try
            {
                await Publish(promises, cancellationToken);
                break;
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                // The broker is away. Nothing may be skipped, so the page waits; message ids make the repeat harmless.
                logger.LogWarning("Publishing events {From}-{To} failed and is repeated: {Reason}",
                    page.SequenceFloor, page.SequenceCeiling, exception.Message);
                await Task.Delay(pause, TimeProvider.System, cancellationToken);
                pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
            }
        }
        return NullChangeListener.Instance;
    }

    /// <summary>
    /// Marten fills the places in the sequence that a failed transaction had drawn with tombstones, so that nobody waits for
    /// them. They say that nothing happened.
    /// </summary>
    private static List<IEvent> Facts(EventRange page) => page.Events.FindAll(recorded => recorded.Data is not Tombstone);

    /// <summary>
    /// What the page promises, and how far its writer is known to have come. No envelope spans two writers of a journal, so the page
    /// is translated writer by writer (ADR 33).
    /// </summary>
    private async Task<List<(Promise Promise, Origin? Origin)>> Promises(
        List<IEvent> page, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        if (!SaysItsOrigin)
            return [.. (await Translate(page, cancellationToken)).Select(promise => (promise, (Origin?)null))];
        var writers = await Writers(page, operations, cancellationToken);
        var promises = new List<(Promise, Origin?)>();
        foreach (var part in WriterByWriter(page, writers))
        {
            foreach (var promise in await Translate(part, cancellationToken))
            {
                var latest = JournalWriter.Wrote(promise.Source) ? part.FindLast(recorded => recorded.StreamId == promise.Source.StreamId)! : promise.Source;
                promises.Add((promise, Origin.Of(latest, writers)));
            }
        }
        return promises;
    }

    private static async Task<IReadOnlyList<JournalWriter>> Writers(
        List<IEvent> page, IDocumentOperations operations, CancellationToken cancellationToken)
    {
        Guid[] journals = [.. page.Where(JournalWriter.Wrote).Select(recorded => recorded.StreamId).Distinct()];
        if (journals.Length == 0)
            return [];
        await using var connection = operations.Database.CreateConnection();
        await connection.OpenAsync(cancellationToken);
        return await JournalWriter.Of(connection, operations.DocumentStore.Options.DatabaseSchemaName, journals, cancellationToken);
    }

    private static IEnumerable<List<IEvent>> WriterByWriter(List<IEvent> page, IReadOnlyList<JournalWriter> writers)
    {
        var (part, writing) = (new List<IEvent>(), new Dictionary<Guid, Guid>());
        foreach (var recorded in page)
        {
            if (JournalWriter.Wrote(recorded) && Origin.Of(recorded, writers) is { } origin)
            {
                if (writing.TryGetValue(origin.Stream, out var before) && before != origin.Writer)
                {
                    yield return part;
                    (part, writing) = ([], []);
                }
                writing[origin.Stream] = origin.Writer;
            }
            part.Add(recorded);
        }
        if (part.Count > 0)
            yield return part;
    }

    /// <summary>What the page's events promise to others, in order; several may fold into one envelope of up to 500.</summary>
    protected virtual IEnumerable<Promise> Translate(IReadOnlyList<IEvent> page) => [];

    /// <summary>The same for a publisher that has to read something first.</summary>
    protected virtual Task<IReadOnlyList<Promise>> Translate(IReadOnlyList<IEvent> page, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<Promise>>([.. Translate(page)]);

    /// <summary>
    /// True where a message must wait while no reader has a queue for it: the broker would confirm it and drop it. Only
    /// for messages that have one reader, which may never have been started.
    /// </summary>
    protected virtual bool WaitsForItsReader => false;

    /// <summary>False where the reader does not count by what it is told, but holds it against what it has.</summary>
    protected virtual bool SaysItsOrigin => true;

    private async Task Publish(List<(Promise Promise, Origin? Origin)> promises, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // One after the other: sends that are started together overtake each other on their way to the broker.
        foreach (var (promise, origin) in promises)
        {
            limit.CancelAfter(LongestConfirm);
            await bus.Publish(promise.Message, promise.Message.GetType(), context => Describe(context, promise, origin), limit.Token);
        }
    }

    private void Describe(PublishContext context, Promise promise, Origin? origin)
    {
        if (WaitsForItsReader && context.TryGetPayload<RabbitMqSendContext>(out var rabbit))
            rabbit.Mandatory = true;
        var source = promise.Source;
        context.MessageId = source.Id;
        origin?.Write(context.Headers);
        context.Headers.Set(ProvenanceContext.CausationHeader, source.Id.ToString());
        context.Headers.Set(ProvenanceContext.CorrelationHeader, source.CorrelationId);
        context.Headers.Set(ProvenanceContext.SubjectHeader, source.GetHeader(ProvenanceContext.SubjectHeader)?.ToString());
        context.Headers.Set(ProvenanceContext.ParticipantHeader, source.GetHeader(ProvenanceContext.ParticipantHeader)?.ToString());
        context.Headers.Set(ProvenanceContext.ClientHeader, source.GetHeader(ProvenanceContext.ClientHeader)?.ToString());
    }
}
