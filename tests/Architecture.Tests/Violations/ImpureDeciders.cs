using CarbonMarket.Kernel;
using Microsoft.AspNetCore.Http;
using Npgsql;

namespace CarbonMarket.Architecture.Violations;

// Each breaks one rule on purpose, so that the rule is seen to fail. None is ever run.
internal sealed class DeciderThatAsksTheDatabase(NpgsqlDataSource database)
{
    public Decision<string> Decide(string command) =>
        database.ConnectionString.Length > 0 ? Decision<string>.Accept(command) : Decision<string>.Reject("no", "no");
}

internal static class DeciderThatReadsTheClock
{
    // In a lambda, where the compiler hides it in a type of its own.
    public static Decision<string> Decide(IEnumerable<string> commands) =>
        Decision<string>.Accept(commands.Select(command => command + TimeProvider.System.GetUtcNow()).ToArray());
}

internal static class FoldThatRollsDice
{
    public static int Evolve(int state) => state + Random.Shared.Next();
}

internal static class DeciderThatTimesItself
{
    public static Decision<string> Decide(string command) =>
        Decision<string>.Accept(command + System.Diagnostics.Stopwatch.GetTimestamp());
}

// The next three use nothing but types that a decider may well use, and of them what differs from one run to the next.
internal static class DeciderThatMakesIds
{
    public static Decision<Guid> Decide(IEnumerable<string> commands) =>
        Decision<Guid>.Accept(commands.Select(_ => Guid.CreateVersion7()).ToArray());
}

internal sealed record FoldThatReadsTheTicks(long State)
{
    public FoldThatReadsTheTicks After(long step) => new(State + step + Environment.TickCount64);
}

internal static class DeciderThatHasItsIdsMade
{
    public static Decision<Guid> Decide(int command) => Decision<Guid>.Accept(Tickets.Next(command).ToArray());
}

internal static class Tickets
{
    // The compiler puts this body elsewhere too.
    public static IEnumerable<Guid> Next(int count)
    {
        for (var number = 0; number < count; number++)
            yield return Guid.CreateVersion7();
    }
}

internal static class DeciderWithAnEndpointInside
{
    public static Decision<string> Decide(string command) => Decision<string>.Accept(command);

    public static async Task<IResult> Handle()
    {
        await Task.Yield();
        return null!;
    }
}
