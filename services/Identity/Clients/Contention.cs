using JasperFx;
using JasperFx.Events;
using Npgsql;

namespace CarbonMarket.Identity.Clients;

/// <summary>
/// Two callers registering the same things at the same moment: one wins, and the other decides again on what is then
/// known, so that it hears the decision and not the clash.
/// </summary>
internal static class Contention
{
    private const int Attempts = 4;

    public static async Task<T> Retry<T>(Func<Task<T>> attempt)
    {
        for (var number = 1; ; number++)
        {
            try
            {
                return await attempt();
            }
            catch (Exception exception) when (number < Attempts && IsClash(exception))
            {
                // Nothing was committed; the next attempt reads anew.
            }
        }
    }

    private static bool IsClash(Exception exception) => exception switch
    {
        ConcurrencyException or EventStreamUnexpectedMaxEventIdException or ExistingStreamIdCollisionException
            or Marten.Exceptions.ExistingStreamIdCollisionException => true,
        PostgresException
        {
            SqlState: PostgresErrorCodes.UniqueViolation or PostgresErrorCodes.DeadlockDetected
                or PostgresErrorCodes.SerializationFailure,
        } => true,
        AggregateException several => several.InnerExceptions.Any(IsClash),
        { InnerException: { } inner } => IsClash(inner),
        _ => false,
    };
}
