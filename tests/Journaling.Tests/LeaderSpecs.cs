using CarbonMarket.Testing;
using CarbonMarket.Testing.Servers;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace CarbonMarket.Journaling.Tests;

public sealed class LeaderSpecs
{
    private const string TerminateLeaders = "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = 'counting-leader' and datname = current_database()";

    [Fact]
    public async Task Of_two_processes_exactly_one_leads_and_the_other_takes_over_when_it_ends()
    {
        await using var source = NpgsqlDataSource.Create(await RealServers.CreateDatabase("leader"));
        var together = new Overlap();
        using var one = new Candidate(source, together);
        using var other = new Candidate(source, together);
        await one.Start();
        await one.UntilLeads();
        await other.Start();
        await Eventually.Holds("the other has competed", async () => await Count(source, "select count(*) from pg_stat_activity where application_name = 'counting-leader' and datname = current_database()") == 1
            && other.Duty.Runs == 0);
        other.Election.IsLeader.ShouldBeFalse();

        await one.Stop();
        await other.UntilLeads();

        one.Election.IsLeader.ShouldBeFalse();
        (one.Duty.Runs, other.Duty.Runs).ShouldBe((1, 1));
        together.Most.ShouldBe(1);
        await other.Stop();
    }

    [Fact]
    public async Task Different_services_on_one_database_lead_side_by_side()
    {
        await using var source = NpgsqlDataSource.Create(await RealServers.CreateDatabase("leader"));
        using var one = new Candidate(source, new Overlap());
        using var other = new Candidate(source, new Overlap(), "settling");
        await one.Start();
        await other.Start();
        await one.UntilLeads();
        await other.UntilLeads();
        await one.Stop();
        await other.Stop();
    }

    [Fact]
    public async Task When_the_locks_connection_is_terminated_the_duties_are_cancelled_at_once_and_leadership_is_competed_for_again()
    {
        await using var source = NpgsqlDataSource.Create(await RealServers.CreateDatabase("leader"));
        using var leader = new Candidate(source, new Overlap());
        await leader.Start();
        await leader.UntilLeads();

        (await Count(source, TerminateLeaders)).ShouldBe(1);

        await Eventually.Holds("the duty was cancelled", () => leader.Duty.Cancelled == 1, TimeSpan.FromSeconds(2));
        await Eventually.Holds("it leads again", () => leader.Duty.Runs == 2 && leader.Election.IsLeader);
        await leader.Stop();
    }

    [Fact]
    public async Task Nobody_else_leads_before_a_slow_duty_of_the_failed_leader_has_ended()
    {
        await using var source = NpgsqlDataSource.Create(await RealServers.CreateDatabase("leader"));
        var together = new Overlap();
        using var slow = new Candidate(source, together);
        using var other = new Candidate(source, together);
        await slow.Start();
        await slow.UntilLeads();
        await other.Start();
        slow.Duty.Lingers = new Gate();

        var stopping = slow.Stop();
        await slow.Duty.Lingers.Reached;
        var refused = other.Refusals;
        await Eventually.Holds("the other has asked for the lock and was refused", () => other.Refusals >= refused + 2, TimeSpan.FromSeconds(20));
        other.Duty.Runs.ShouldBe(0);
        slow.Duty.Lingers.Open();
        await stopping;

        await other.UntilLeads();
        together.Most.ShouldBe(1);
        await other.Stop();
    }

    [Fact]
    public async Task A_duty_that_fails_gives_leadership_up_and_starts_afresh()
    {
        await using var source = NpgsqlDataSource.Create(await RealServers.CreateDatabase("leader"));
        using var leader = new Candidate(source, new Overlap());
        await leader.Start();
        await leader.UntilLeads();

        leader.Duty.Fail();

        await Eventually.Holds("it leads again", () => leader.Duty.Runs == 2 && leader.Election.IsLeader);
        await leader.Stop();
    }

    [Fact]
    public async Task Who_gives_the_lead_up_does_not_lead_any_more_when_its_duties_break_off()
    {
        await using var source = NpgsqlDataSource.Create(await RealServers.CreateDatabase("leader"));
        using var leader = new Candidate(source, new Overlap());
        var leads = new List<bool>();
        leader.Duty.BrokenOff = () => leads.Add(leader.Election.IsLeader);
        await leader.Start();
        await leader.UntilLeads();

        leader.Duty.Fail();

        await Eventually.Holds("it leads again", () => leader.Duty.Runs == 2 && leader.Election.IsLeader);
        leads.ShouldBe([false]);
        await leader.Stop();
    }

    [Fact]
    public async Task After_a_crash_of_postgres_leadership_is_back_soon_after_it_answers()
    {
        await using var servers = RealServers.Own();
        await using var source = NpgsqlDataSource.Create(await servers.CreateDatabase("leader"));
        using var leader = new Candidate(source, new Overlap());
        await leader.Start();
        await leader.UntilLeads();

        await servers.KillPostgres();
        await Eventually.Holds("it leads no more", () => !leader.Election.IsLeader && leader.Duty.Cancelled == 1, TimeSpan.FromSeconds(5));
        await servers.RestartPostgres();

        await Eventually.Holds("it leads again", () => leader.Election.IsLeader, TimeSpan.FromSeconds(8));
        await leader.Stop();
    }

    private static async Task<long> Count(NpgsqlDataSource source, string sql)
    {
        await using var command = source.CreateCommand(sql);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>How many led at the same time at most.</summary>
    private sealed class Overlap
    {
        private int now;

        public int Most { get; private set; }

        public void Enter() => Most = Math.Max(Most, Interlocked.Increment(ref now));

        public void Leave() => Interlocked.Decrement(ref now);
    }

    private sealed class Candidate : IDisposable, ILogger<LeaderElection>
    {
        private int _refusals;

        public Candidate(NpgsqlDataSource source, Overlap together, string service = "counting")
        {
            Duty = new WatchedDuty(together);
            Election = new LeaderElection(new LeaderElectionOptions(service), source, [Duty], this);
        }

        /// <summary>How often it has asked for the lock while another had it.</summary>
        public int Refusals => Volatile.Read(ref _refusals);

        public WatchedDuty Duty { get; }

        public LeaderElection Election { get; }

        public Task Start() => Election.StartAsync(default);

        public Task Stop() => Election.StopAsync(default);

        public Task UntilLeads() => Eventually.Holds("it leads", () => Election.IsLeader && Duty.IsReady);

        public void Dispose() => Election.Dispose();

        IDisposable? ILogger.BeginScope<TState>(TState state) => null;

        bool ILogger.IsEnabled(LogLevel logLevel) => true;

        void ILogger.Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (formatter(state, exception).EndsWith("stands by: another leads", StringComparison.Ordinal))
                Interlocked.Increment(ref _refusals);
        }
    }

    private sealed class WatchedDuty(Overlap together) : ILeaderDuty
    {
        private TaskCompletionSource failure = new();

        public string Name => "watched";

        public bool IsReady { get; private set; }

        public int Runs { get; private set; }

        public int Cancelled { get; private set; }

        public Gate? Lingers { get; set; }

        public Action? BrokenOff { get; set; }

        public void Fail() => failure.SetException(new InvalidOperationException("The duty failed."));

        public async Task Run(CancellationToken untilLost)
        {
            together.Enter();
            Runs++;
            IsReady = true;
            failure = new();
            untilLost.Register(() => BrokenOff?.Invoke());
            try
            {
                await failure.Task.WaitAsync(untilLost);
            }
            catch (OperationCanceledException)
            {
                Cancelled++;
                if (Lingers is not null)
                    await Lingers.Pass();
                throw;
            }
            finally
            {
                IsReady = false;
                together.Leave();
            }
        }
    }
}
