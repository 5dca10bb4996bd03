using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;

namespace SequraPos
{
    /// <summary>
    /// A place in a result, from which the classes of its data read. What must be there and is not, as a library of another
    /// version may have it, is a SequraInvalidCallException.
    /// </summary>
    internal struct Place
    {
        private readonly SequraResult result;
        private readonly string pointer;

        internal Place(SequraResult result, string pointer)
        {
            this.result = result;
            this.pointer = pointer;
        }

        internal Place At(string name)
        {
            return new Place(result, pointer + "/" + name.Replace("~", "~0").Replace("/", "~1"));
        }

        internal bool IsNothing
        {
            get { return result.Find(pointer) == null; }
        }

        internal string Text(string name)
        {
            return result.Get(pointer + "/" + name);
        }

        internal string TextOrNull(string name)
        {
            return result.Find(pointer + "/" + name);
        }

        internal long Integer(string name)
        {
            return long.Parse(Text(name), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture);
        }

        internal long? IntegerOrNull(string name)
        {
            return result.FindInteger(pointer + "/" + name);
        }

        internal bool Flag(string name)
        {
            return Text(name) == "true";
        }

        internal bool? FlagOrNull(string name)
        {
            string said = TextOrNull(name);
            return said == null ? (bool?)null : said == "true";
        }

        /// <summary>What stands at the name, or null.</summary>
        internal T Object<T>(string name, Func<Place, T> make)
            where T : class
        {
            Place place = At(name);
            return place.IsNothing ? null : make(place);
        }

        internal SequraProblem Problem()
        {
            return new SequraProblem(result, pointer);
        }

        internal IList<string> Texts(string name)
        {
            return List(name, place => place.result.Get(place.pointer));
        }

        internal IList<T> List<T>(string name, Func<Place, T> make)
        {
            var list = new List<T>();
            foreach (string entry in result.Each(pointer + "/" + name))
                list.Add(make(new Place(result, entry)));
            return list.AsReadOnly();
        }

        internal long? Number()
        {
            return result.FindInteger(pointer);
        }

        /// <summary>The values of an object whose names differ, by these.</summary>
        internal IDictionary<string, T> Map<T>(string name, Func<Place, T> make)
        {
            return At(name).Map(make);
        }

        internal IDictionary<string, T> Map<T>(Func<Place, T> make)
        {
            var map = new Dictionary<string, T>();
            foreach (string name in Names(result.Get(pointer)))
                map[name] = make(At(name));
            return map;
        }

        /// <summary>The names in a JSON object, those of objects in it left out.</summary>
        private static IEnumerable<string> Names(string json)
        {
            int depth = 0;
            for (int at = 0; at < json.Length; at++)
            {
                char letter = json[at];
                if (letter == '{' || letter == '[')
                    depth++;
                else if (letter == '}' || letter == ']')
                    depth--;
                else if (letter == '"')
                {
                    string text = Quoted(json, ref at);
                    if (depth == 1 && at + 1 < json.Length && json[at + 1] == ':')
                        yield return text;
                }
            }
        }

        /// <summary>The text that begins here; afterwards `at` is its last quote.</summary>
        private static string Quoted(string json, ref int at)
        {
            var text = new StringBuilder();
            for (at++; json[at] != '"'; at++)
            {
                if (json[at] != '\\')
                {
                    text.Append(json[at]);
                    continue;
                }
                at++;
                const string Escapes = "bfnrt", Meant = "\b\f\n\r\t";
                int escape = Escapes.IndexOf(json[at]);
                if (json[at] == 'u')
                {
                    text.Append((char)int.Parse(json.Substring(at + 1, 4), NumberStyles.HexNumber, CultureInfo.InvariantCulture));
                    at += 4;
                }
                else
                    text.Append(escape < 0 ? json[at] : Meant[escape]);
            }
            return text.ToString();
        }
    }
}
