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
        var promises = await Translate(Facts(page), cancellationToken);
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

    private async Task Publish(IReadOnlyList<Promise> promises, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        // One after the other: sends that are started together overtake each other on their way to the broker.
        foreach (var promise in promises)
        {
            limit.CancelAfter(LongestConfirm);
            await bus.Publish(promise.Message, promise.Message.GetType(), context => Describe(context, promise), limit.Token);
        }
    }

    private void Describe(PublishContext context, Promise promise)
    {
        if (WaitsForItsReader && context.TryGetPayload<RabbitMqSendContext>(out var rabbit))
            rabbit.Mandatory = true;
        var source = promise.Source;
        context.MessageId = source.Id;
        context.Headers.Set(ProvenanceContext.CausationHeader, source.Id.ToString());
        context.Headers.Set(ProvenanceContext.CorrelationHeader, source.CorrelationId);
        context.Headers.Set(ProvenanceContext.SubjectHeader, source.GetHeader(ProvenanceContext.SubjectHeader)?.ToString());
        context.Headers.Set(ProvenanceContext.ParticipantHeader, source.GetHeader(ProvenanceContext.ParticipantHeader)?.ToString());
        context.Headers.Set(ProvenanceContext.ClientHeader, source.GetHeader(ProvenanceContext.ClientHeader)?.ToString());
    }
}
