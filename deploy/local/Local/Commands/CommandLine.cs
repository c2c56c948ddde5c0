using System.CommandLine;
using CarbonMarket.Local.Supervision;

namespace CarbonMarket.Local.Commands;

/// <summary>The words people type.</summary>
internal static class CommandLine
{
    public static RootCommand Build(Checkout checkout)
    {
        var actions = new Actions(checkout);
        var detach = new Option<bool>("--detach") { Description = "Return to the shell once it is done; the system stays up." };
        var root = new RootCommand("CarbonMarket on this machine: a private PostgreSQL and RabbitMQ, all services, the gateway. "
            + "Without a command: start everything, play the main job once, stay.") { detach };
        root.SetAction((parsed, ct) => actions.Run(parsed.GetValue(detach), ct));
        root.Add(Up(actions));
        root.Add(Job(actions));
        root.Add(Simple("stop", "Stop everything that runs in this checkout.", actions.Stop));
        root.Add(Simple("status", "What runs, where, and how it is.", actions.Status));
        root.Add(Logs(actions));
        root.Add(Simple("clean", "Stop, and remove all data of this checkout (.local).", actions.Clean));
        root.Add(Hidden(Simple("packages", "Install the Debian packages that are missing.", Actions.Packages)));
        root.Add(Hidden(Supervisor(checkout)));
        root.Add(Hidden(TestReport()));
        root.Add(Hidden(TestTotal()));
        return root;
    }

    private static Command TestReport()
    {
        var name = new Argument<string>("name");
        var report = new Option<FileInfo>("--report") { Required = true };
        var log = new Option<FileInfo>("--log") { Required = true };
        var exitCode = new Option<int>("--exit-code");
        var seconds = new Option<int>("--seconds");
        var totals = new Option<FileInfo>("--totals") { Required = true };
        var command = new Command("test-report", "Prints and notes what one test program came to.") { name, report, log, exitCode, seconds, totals };
        command.SetAction(parsed => TestReports.Note(parsed.GetValue(name)!, parsed.GetValue(report)!, parsed.GetValue(log)!,
            parsed.GetValue(exitCode), parsed.GetValue(seconds), parsed.GetValue(totals)!));
        return command;
    }

    private static Command TestTotal()
    {
        var totals = new Argument<FileInfo>("totals");
        var command = new Command("test-total", "The last line of ./test.") { totals };
        command.SetAction(parsed => TestReports.Total(parsed.GetValue(totals)!));
        return command;
    }

    private static Command Up(Actions actions)
    {
        var detach = new Option<bool>("--detach") { Description = "Return to the shell once everything is ready." };
        var serversOnly = new Option<bool>(Launching.ServersOnly)
        {
            Description = "PostgreSQL and RabbitMQ with the market's databases and virtual host; for services run from an editor.",
        };
        var up = new Command("up", "Start everything and stay, without the main job.") { detach, serversOnly };
        up.SetAction((parsed, ct) => actions.Up(parsed.GetValue(detach), parsed.GetValue(serversOnly), ct));
        return up;
    }

    private static Command Supervisor(Checkout checkout)
    {
        var serversOnly = new Option<bool>(Launching.ServersOnly);
        var command = new Command("supervise", "The supervisor itself.") { serversOnly };
        command.SetAction((parsed, ct) => Supervise.Run(checkout, parsed.GetValue(serversOnly), ct));
        return command;
    }

    private static Command Job(Actions actions)
    {
        var operators = new Option<FileInfo?>("--operators") { Description = "A CSV in the form of data/uk-ets-registry/operators_2021_2024.csv." };
        var allocation = new Option<FileInfo?>("--allocation") { Description = "A CSV in the form of data/uk-ets-registry/allocation_2021_2026.csv." };
        var seed = new Option<int>("--seed") { Description = "Orders follow from it.", DefaultValueFactory = _ => 1 };
        var job = new Command("job", "Play the main job in a fresh market.") { operators, allocation, seed };
        job.SetAction((parsed, ct) =>
            actions.Job(new(parsed.GetValue(operators), parsed.GetValue(allocation), parsed.GetValue(seed)), ct));
        return job;
    }

    private static Command Logs(Actions actions)
    {
        var server = new Argument<string>("service") { Description = "identity, trading, ..., gateway, postgresql, rabbitmq or supervisor." };
        var follow = new Option<bool>("--follow", "-f") { Description = "Keep showing what is added." };
        var lines = new Option<int>("--lines", "-n") { Description = "How much of the end.", DefaultValueFactory = _ => 50 };
        var logs = new Command("logs", "The log of one service.") { server, follow, lines };
        logs.SetAction((parsed, ct) =>
            actions.Logs(parsed.GetValue(server)!, parsed.GetValue(follow), parsed.GetValue(lines), ct));
        return logs;
    }

    private static Command Simple(string name, string description, Func<CancellationToken, Task<int>> action)
    {
        var command = new Command(name, description);
        command.SetAction((_, ct) => action(ct));
        return command;
    }

    private static Command Hidden(Command command)
    {
        command.Hidden = true;
        return command;
    }
}
