using CarbonMarket.Local.Supervision;
using Spectre.Console;

namespace CarbonMarket.Local.Commands;

/// <summary>A table for people, plain lines for pipes.</summary>
internal static class StatusDisplay
{
    public static void Addresses(SystemStatus status, Checkout checkout)
    {
        Console.WriteLine();
        Console.WriteLine($"  Gateway              {status.Gateway}");
        Console.WriteLine($"  API documentation    {status.ApiDocs}");
        Console.WriteLine($"  RabbitMQ management  {status.RabbitMqManagement}  (user carbonmarket)");
        Console.WriteLine($"  Credentials          {checkout.Secrets}");
        Console.WriteLine();
    }

    public static void Servers(SystemStatus status)
    {
        Console.WriteLine($"Market {status.Generation}, {Word(status)}, supervisor pid {status.Supervisor.Id}");
        if (Console.IsOutputRedirected)
            Lines(status);
        else
            Table(status);
    }

    private static string Word(SystemStatus status) => status.IsReady ? "all ready" : status.State switch
    {
        SystemState.Running => "not all ready",
        SystemState.Starting => "starting",
        _ => "stopping",
    };

    private static void Lines(SystemStatus status)
    {
        foreach (var server in status.Servers)
            Console.WriteLine($"  {server.Name,-13} {server.State,-9} pid {server.Process?.Id.ToString() ?? "-",-8} {server.Address,-25} restarts {server.Restarts}");
    }

    private static void Table(SystemStatus status)
    {
        var table = new Table().Border(TableBorder.Rounded).AddColumns("Server", "State", "Pid", "Address", "Restarts", "Ready after", "Last trouble");
        foreach (var server in status.Servers)
        {
            var colour = server.State switch { ServerState.Ready => "green", ServerState.Waiting or ServerState.Unready => "red", _ => "yellow" };
            table.AddRow(server.Name, $"[{colour}]{server.State}[/]", server.Process?.Id.ToString() ?? "-", server.Address ?? "-",
                server.Restarts.ToString(), server.Seconds is { } seconds ? $"{seconds:0.0} s" : "-", Markup.Escape(server.Trouble ?? ""));
        }
        AnsiConsole.Write(table);
    }
}
