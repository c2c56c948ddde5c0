using CarbonMarket.ServiceDefaults.EventStore;
using CarbonMarket.ServiceDefaults.Origins;
using MassTransit;
using Microsoft.Extensions.Hosting;

namespace CarbonMarket.ServiceDefaults.Bus;

/// <summary>
/// A message that cannot be taken because this process ends, or leads no more, is not at fault: it does not go to the error
/// queue but back to its own, for whoever takes from it next.
/// </summary>
/// <param name="mayTake">Whether this instance is one that takes from the queue.</param>
internal sealed class Interruption(IHostApplicationLifetime lifetime, Func<bool> mayTake) : IFilter<ExceptionReceiveContext>
{
    private bool IsOver => lifetime.ApplicationStopping.IsCancellationRequested || !mayTake();

    public bool IsWorthAnotherTry(Exception exception) => Passes(exception) && !IsOver;

    /// <summary>False for what is refused for a reason of its own, which no moment changes.</summary>
    public bool MayBeOfTheMoment(Exception exception) => exception is not ForgottenHistoryException && !Passes(exception) && !IsOver;

    /// <summary>
    /// Stands before the error queue; what fails here, the broker has back. Whatever fails while this process ends or leads no more may
    /// have failed for that: whoever takes the message next finds out.
    /// </summary>
    public Task Send(ExceptionReceiveContext context, IPipe<ExceptionReceiveContext> next) =>
        IsBrokenOff(context) || (IsOver && context.Exception is not ForgottenHistoryException)
            ? Task.FromException(context.Exception)
            : next.Send(context);

    /// <summary>MassTransit says of a consumer, and without its reason, that something within was broken off: a call that took too long, a connection.</summary>
    private static bool Passes(Exception exception) => exception is ConsumerCanceledException || exception.Passes();

    /// <summary>Whoever leads when it is asked: the lead may have been lost, and won again, while the message came this far.</summary>
    private static bool IsBrokenOff(ExceptionReceiveContext context) =>
        context.Exception is OperationCanceledException && context.CancellationToken.IsCancellationRequested;

    public void Probe(ProbeContext context) => context.CreateFilterScope("interruption");
}
