using CarbonMarket.ServiceDefaults.EventStore;
using MassTransit;
using Microsoft.Extensions.Hosting;

namespace CarbonMarket.ServiceDefaults.Bus;

/// <summary>
/// The end of consuming here: the process stops, or leads no more. A message that finds nobody at work because of it is
/// not at fault. It is not tried again here but goes back to its queue, for whoever takes from it next.
/// </summary>
internal sealed class Interruption(IHostApplicationLifetime lifetime) : IFilter<ExceptionReceiveContext>
{
    /// <summary>Ends with the leadership; never, where nobody is elected.</summary>
    public CancellationToken Begins { get; set; }

    private bool HasBegun => Begins.IsCancellationRequested || lifetime.ApplicationStopping.IsCancellationRequested;

    public bool IsWorthAnotherTry(Exception exception) => exception.Passes() && !HasBegun;

    /// <summary>Stands before the error queue; what fails here, the broker has back.</summary>
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next) =>
        HasBegun && (context.Exception.Passes() || context.Exception is OperationCanceledException)
            ? Task.FromException(context.Exception)
            : next.Send(context);

    public void Probe(ProbeContext context) => context.CreateFilterScope("interruption");
}
