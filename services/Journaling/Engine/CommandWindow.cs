using System.Runtime.InteropServices;

namespace CarbonMarket.Journaling;

/// <summary>One journaled command: its content's hash and where its events are.</summary>
internal readonly record struct KnownCommand(CommandMark Mark, long FirstVersion, int Events)
{
    public long LastVersion => FirstVersion + Events - 1;
}

/// <summary>The most recent commands, oldest forgotten first; by it a repeat is known.</summary>
internal sealed class CommandWindow(int capacity)
{
    private readonly Dictionary<Guid, int> places = [];
    private readonly List<KnownCommand> ring = [];
    private int oldest;

    public int Count => ring.Count;

    /// <summary>No command at or below this version is known any more.</summary>
    public long Forgotten => ring.Count == 0 ? 0 : ring[oldest].FirstVersion - 1;

    public bool TryGet(Guid id, out KnownCommand known)
    {
        var found = places.TryGetValue(id, out var place);
        known = found ? ring[place] : default;
        return found;
    }

    /// <param name="commands">Oldest first.</param>
    public void Load(IReadOnlyCollection<KnownCommand> commands)
    {
        places.EnsureCapacity(Math.Min(commands.Count, capacity));
        ring.EnsureCapacity(Math.Min(commands.Count, capacity));
        foreach (var command in commands)
            Add(command);
    }

    public void Add(KnownCommand command)
    {
        if (ring.Count < capacity)
        {
            places[command.Mark.Id] = ring.Count;
            ring.Add(command);
            return;
        }
        // A shorter window may have forgotten an id, and it was used again: it then stands here twice, and the newer counts.
        if (places[ring[oldest].Mark.Id] == oldest)
            places.Remove(ring[oldest].Mark.Id);
        places[command.Mark.Id] = oldest;
        ring[oldest] = command;
        oldest = (oldest + 1) % capacity;
    }

    /// <summary>In replay a command shows itself event by event.</summary>
    public void Replay(CommandMark mark, long version)
    {
        if (places.TryGetValue(mark.Id, out var place) && ring[place].LastVersion == version - 1)
            CollectionsMarshal.AsSpan(ring)[place] = ring[place] with { Events = ring[place].Events + 1 };
        else
            Add(new KnownCommand(mark, version, 1));
    }

    /// <summary>The commands after this version, oldest first.</summary>
    public KnownCommand[] After(long version)
    {
        var newer = 0;
        while (newer < ring.Count && At(ring.Count - 1 - newer).FirstVersion > version)
            newer++;
        var commands = new KnownCommand[newer];
        for (var i = 0; i < newer; i++)
            commands[i] = At(ring.Count - newer + i);
        return commands;
    }

    private KnownCommand At(int age) => ring[(oldest + age) % ring.Count];
}
