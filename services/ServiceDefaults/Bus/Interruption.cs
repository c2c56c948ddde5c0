using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults.EventStore;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CarbonMarket.ServiceDefaults.Bus;

/// <summary>
/// A message that cannot be taken because this process ends, or leads no more, is not at fault: it does not go to the error
/// queue but back to its own, for whoever takes from it next.
/// </summary>
internal sealed class Interruption(IHostApplicationLifetime lifetime, IServiceProvider services) : IFilter<ExceptionReceiveContext>
{
    private bool IsStopping => lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>False where nobody is elected. Asked when it matters: the election itself rests on the bus.</summary>
    private bool StandsBy => services.GetService<LeaderElection>() is { IsLeader: false };

    public bool IsWorthAnotherTry(Exception exception) => exception.Passes() && !IsStopping && !StandsBy;

    /// <summary>Stands before the error queue; what fails here, the broker has back.</summary>
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next) =>
        (IsStopping || StandsBy) && (context.Exception.Passes() || context.Exception is OperationCanceledException)
            ? Task.FromException(context.Exception)
            : next.Send(context);

    public void Probe(ProbeContext context) => context.CreateFilterScope("interruption");
}
