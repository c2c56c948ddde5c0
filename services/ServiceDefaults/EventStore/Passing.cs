using CarbonMarket.Journaling;
using Npgsql;

namespace CarbonMarket.ServiceDefaults.EventStore;

/// <summary>Tells failures that pass by themselves from those that do not; one judgement for requests and for messages.</summary>
public static class Passing
{
    /// <summary>
    /// True when the store is away or overloaded for the moment. Marten and EF Core wrap what Npgsql throws, so the whole
    /// chain of causes is asked.
    /// </summary>
    public static bool IsOutageOfTheStore(this Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is NpgsqlException { IsTransient: true } or PostgresException
                {
                    SqlState: PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
                })
                return true;
        }
        return false;
    }

    /// <summary>True when a text had the one character that PostgreSQL does not know. What is read by its query string comes by no other check.</summary>
    internal static bool IsUnstorableText(this Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            if (cause is PostgresException { SqlState: PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter })
                return true;
        }
        return false;
    }

    /// <summary>True for what is worth another try of the same message: nothing about it need change but the moment.</summary>
    public static bool Passes(this Exception exception) =>
        exception is EngineUnavailableException or TimeoutException or HttpRequestException
        || exception.IsClash() || exception.IsOutageOfTheStore();
}
