using JasperFx;
using JasperFx.Events;
using Marten;

namespace CarbonMarket.ServiceDefaults.EventStore;

public static class Clashes
{
    private const int Attempts = 10;

    /// <summary>
    /// Repeats reading, deciding and saving where somebody else was faster; harmless, because deciders are idempotent and
    /// a clash has saved nothing. Whoever clashes ten times in a row is told so (409).
    /// </summary>
    public static async Task<T> AgainAfterClash<T>(this IDocumentSession session, Func<Task<T>> attempt)
    {
        for (var count = 1; ; count++)
        {
            try
            {
                return await attempt();
            }
            catch (Exception exception) when (count < Attempts && exception.IsClash())
            {
                session.EjectAllPendingChanges();
            }
        }
    }

    internal static bool IsClash(this Exception exception) => exception
        is ConcurrencyException or EventStreamUnexpectedMaxEventIdException or JasperFx.Events.ExistingStreamIdCollisionException
        or Marten.Exceptions.ExistingStreamIdCollisionException or DocumentAlreadyExistsException;
}
