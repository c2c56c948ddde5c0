using CarbonMarket.Kernel;
using MassTransit;

namespace CarbonMarket.ServiceDefaults.Tracing;

public static class ConsumeProvenance
{
    /// <summary>
    /// A message's provenance: its cause is the event it was made from, its actor the one who caused that event.
    /// </summary>
    public static Provenance Provenance(this ConsumeContext context)
    {
        var headers = context.Headers;
        var subject = headers.Get<string>(ProvenanceContext.SubjectHeader) ?? context.SourceAddress?.Host ?? "unknown";
        var participant = Guid.TryParse(headers.Get<string>(ProvenanceContext.ParticipantHeader), out var id) ? id : Guid.Empty;
        var client = headers.Get<string>(ProvenanceContext.ClientHeader) ?? subject;
        var causation = headers.Get<string>(ProvenanceContext.CausationHeader) ?? context.MessageId?.ToString() ?? string.Empty;
        var correlation = headers.Get<string>(ProvenanceContext.CorrelationHeader) ?? causation;
        return new Provenance(correlation, causation, new Actor(subject, participant, client));
    }
}

/// <summary>Hands the message's provenance to the scope's Marten session before the consumer runs.</summary>
public sealed class ProvenanceConsumeFilter<T>(ProvenanceContext provenance) : IFilter<ConsumeContext<T>>
    where T : class
{
    public Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        provenance.Current = context.Provenance();
        return next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("provenance");
}
