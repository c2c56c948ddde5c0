namespace CarbonMarket.EndToEnd;

/// <summary>
/// kill -9 while the job is at work, each time when the victim has work in hand. The supervisor starts it again, the job's
/// client asks again with the same ids, and nothing of it shows in the result.
/// </summary>
public sealed class KilledInTheMiddle(LocalSystem system)
{
    [Theory]
    [InlineData("identity", "Registration: organisations")]
    [InlineData("allocation", "Registration: accounts")]
    [InlineData("verification", "Year 2021: exclusions")]
    [InlineData("trading", "Year 2021: first auction")]
    [InlineData("settlement", "Year 2022: final auction")]
    [InlineData("audit", "Year 2022: trading day 1")]
    [InlineData("gateway", "Year 2022: emission reports")]
    [InlineData("rabbitmq", "Year 2022: trading day 2")]
    [InlineData("postgresql", "Year 2023: cash and units to the trading accounts")]
    public async Task A_killed_server_leaves_no_trace_in_the_result(string server, string after)
    {
        var killed = false;
        var run = await system.Play(line =>
        {
            if (killed || !line.Contains(after, StringComparison.Ordinal))
                return;
            system.Kill(server);
            killed = true;
        });
        killed.ShouldBeTrue($"'{after}' was never said:\n{run.Output}");
        run.ExitCode.ShouldBe(0, run.Output);
        run.Figures().ShouldBe(system.Undisturbed.Figures(), ignoreOrder: true, $"{run.Output}\nUndisturbed:\n{system.Undisturbed.Output}");
        system.RestartsOf(server).ShouldBeGreaterThanOrEqualTo(1);
    }
}
