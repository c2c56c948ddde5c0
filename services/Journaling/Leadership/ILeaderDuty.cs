namespace CarbonMarket.Journaling;

/// <summary>Work that exactly one process of a service does: the one that leads.</summary>
public interface ILeaderDuty
{
    string Name { get; }

    /// <summary>True while the duty does its work, not while it is still preparing.</summary>
    bool IsReady { get; }

    /// <summary>
    /// Runs until leadership is lost and must then end soon: nobody else leads before it has. Throwing gives leadership up.
    /// </summary>
    Task Run(CancellationToken untilLost);
}

/// <summary>The duty that others rest on: until the engines are ready, whoever asks them is told to come again.</summary>
public interface IEnginesDuty : ILeaderDuty;
