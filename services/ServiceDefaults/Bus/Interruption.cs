using CarbonMarket.Journaling;
using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Origins;
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

    /// <summary>False for what is refused for a reason of its own, which no moment changes.</summary>
    public bool MayBeOfTheMoment(Exception exception) =>
        exception is not ForgottenHistoryException && !exception.Passes() && !IsStopping && !StandsBy;

    /// <summary>Stands before the error queue; what fails here, the broker has back.</summary>
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next) =>
        IsBrokenOff(context) || ((IsStopping || StandsBy) && context.Exception.Passes())
            ? Task.FromException(context.Exception)
            : next.Send(context);

    /// <summary>Whoever leads when it is asked: the lead may have been lost, and won again, while the message came this far.</summary>
    private bool IsBrokenOff(ExceptionReceiveContext context) =>
        context.Exception is OperationCanceledException && (context.CancellationToken.IsCancellationRequested || IsStopping || StandsBy);

    public void Probe(ProbeContext context) => context.CreateFilterScope("interruption");
}
