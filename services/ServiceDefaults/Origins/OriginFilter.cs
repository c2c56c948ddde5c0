using MassTransit;

namespace CarbonMarket.ServiceDefaults.Origins;

/// <summary>No consumer sees a message of a writer that has forgotten what it said: its numbers would be taken for repeats.</summary>
public sealed class OriginFilter<T>(KnownOrigins known) : IFilter<ConsumeContext<T>>
    where T : class
{
    public async Task Send(ConsumeContext<T> context, IPipe<ConsumeContext<T>> next)
    {
        if (Origin.Of(context.Headers) is { } origin)
            await known.Take(origin, context.CancellationToken);
        await next.Send(context);
    }

    public void Probe(ProbeContext context) => context.CreateFilterScope("origin");
}
