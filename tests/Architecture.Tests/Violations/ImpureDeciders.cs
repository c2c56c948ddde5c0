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

internal static class DeciderWithAnEndpointInside
{
    public static Decision<string> Decide(string command) => Decision<string>.Accept(command);

    public static async Task<IResult> Handle()
    {
        await Task.Yield();
        return null!;
    }
}
